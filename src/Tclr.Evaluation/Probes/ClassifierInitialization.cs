using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>How the weights and biases of a linear classifier are initialized.</summary>
/// <example><code>
/// var options = FineTuningOptions.Tclr with { Initialization = ClassifierInitialization.Normal(0.01) };
/// </code></example>
public sealed record ClassifierInitialization
{
    private readonly double deviation;
    private readonly bool glorot;

    private ClassifierInitialization(double deviation = 0, bool glorot = false) => (this.deviation, this.glorot) = (deviation, glorot);

    /// <summary>The default of PyTorch's <c>Linear</c>, used by TCLR: weights and biases uniform in <c>[-1/sqrt(D), 1/sqrt(D)]</c> for <c>D</c> features.</summary>
    public static ClassifierInitialization PyTorch { get; } = new();

    /// <summary>Glorot and Bengio (2010), the default of Keras's <c>Dense</c>, used by CVRL: weights uniform in <c>[-b, b]</c> with <c>b = sqrt(6 / (D + C))</c> for <c>D</c> features and <c>C</c> outputs, biases 0.</summary>
    public static ClassifierInitialization GlorotUniform { get; } = new(glorot: true);

    /// <summary>Normally distributed weights with mean 0, and biases of 0; DualVar uses a standard deviation of 0.01.</summary>
    /// <param name="deviation">Standard deviation of the weights, greater than 0.</param>
    /// <returns>The initialization.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is not greater than 0.</exception>
    public static ClassifierInitialization Normal(double deviation) => new(OptionChecker.ThrowIfNotPositive(deviation));

    /// <summary>Describes the initialization.</summary>
    /// <returns>A few words, for reports.</returns>
    public override string ToString() => glorot ? "Glorot uniform, bias 0" : deviation > 0 ? FormattableString.Invariant($"normal, standard deviation {deviation}, bias 0") : "uniform within 1/sqrt(features), as PyTorch";

    /// <summary>Draws the weights, then the biases.</summary>
    /// <param name="weights">Weights <c>[C, D]</c>.</param>
    /// <param name="biases">Biases <c>[C]</c>.</param>
    /// <param name="random">The random stream.</param>
    internal void Fill(Span<float> weights, Span<float> biases, CounterRandom random)
    {
        int outputs = biases.Length, features = weights.Length / outputs;
        double bound = glorot ? Math.Sqrt(6.0 / (features + outputs)) : 1 / Math.Sqrt(features);
        foreach (ref float weight in weights)
        {
            weight = (float)(deviation > 0 ? deviation * random.NextGaussian() : random.Uniform(-bound, bound));
        }

        biases.Clear();
        if (!glorot && deviation == 0)
        {
            foreach (ref float bias in biases)
            {
                bias = (float)random.Uniform(-bound, bound);
            }
        }
    }
}
