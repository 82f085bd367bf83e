using System.Text.Json.Serialization;
using TorchSharp.Modules;

namespace Tclr.Core;

/// <summary>Which optimiser trains, and how. Checked when the trainer is built.</summary>
/// <example><code>
/// builder.UseOptimizer(new SgdOptions { LearningRate = 0.32, WeightDecay = 1e-6 });
/// </code></example>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(AdamOptions), "adam")]
[JsonDerivedType(typeof(AdamWOptions), "adamw")]
[JsonDerivedType(typeof(SgdOptions), "sgd")]
public abstract record OptimizerOptions
{
    private protected OptimizerOptions(double learningRate, double weightDecay)
    {
        LearningRate = learningRate;
        WeightDecay = weightDecay;
    }

    /// <summary>Learning rate before the schedule's factor.</summary>
    /// <value>Greater than 0. The default value is 1e-3 (TCLR) for Adam and AdamW, 3e-3 (DualVar) for SGD.</value>
    public double LearningRate { get; init; }

    /// <summary>How strongly weights are pulled towards 0.</summary>
    /// <value>0 or more. The default value is 1e-9 (TCLR) for Adam, 1e-2 for AdamW, 1e-4 (DualVar) for SGD.</value>
    public double WeightDecay { get; init; }

    /// <summary>Whether weight decay also pulls biases and the weights of normalisation layers.</summary>
    /// <value>The default value is <see langword="true"/>, as in the methods' original code.</value>
    public bool DecayNormsAndBiases { get; init; } = true;

    /// <summary>Makes the optimiser.</summary>
    /// <param name="groups">The parameters with the weight decay of each group.</param>
    internal abstract OptimizerHelper Create(IReadOnlyList<(IReadOnlyList<Parameter> Parameters, double WeightDecay)> groups);

    internal virtual IEnumerable<string> Problems()
    {
        string name = GetType().Name;
        if (!(LearningRate > 0) || double.IsInfinity(LearningRate))
        {
            yield return FormattableString.Invariant($"{name}.{nameof(LearningRate)}: expected a number greater than 0, got {LearningRate}");
        }

        if (!(WeightDecay >= 0) || double.IsInfinity(WeightDecay))
        {
            yield return FormattableString.Invariant($"{name}.{nameof(WeightDecay)}: expected 0 or more, got {WeightDecay}");
        }
    }

    private protected static bool IsDecay(double value) => value is >= 0 and < 1;
}
