namespace Tclr.Evaluation;

/// <summary>What trains a classifier.</summary>
public enum ClassifierOptimizer
{
    /// <summary>Adam (Kingma and Ba, 2015) with its usual decays.</summary>
    Adam,

    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,
}
