namespace Tclr.Evaluation;

/// <summary>The learning rates of one run.</summary>
internal interface IClassifierRate
{
    /// <summary>Begins an epoch.</summary>
    /// <returns>Whether to train on.</returns>
    bool BeginEpoch(int epoch) => true;

    /// <summary>The learning rate of a step.</summary>
    double At(int epoch, int step);

    /// <summary>Hears the mean loss of an epoch.</summary>
    void EndEpoch(double loss)
    {
    }
}
