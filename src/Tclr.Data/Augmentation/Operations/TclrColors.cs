using Tclr.Core;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>TCLR's color changes: contrast, hue, saturation and brightness; gray and gamma, or a dropped channel.</summary>
    /// <param name="options">Ranges and probabilities; <see langword="null"/> for the authors'.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">Several options are out of their ranges.</exception>
    public ClipAugmentation TclrColors(TclrColorOptions? options = null)
    {
        options ??= new TclrColorOptions();
        OptionChecker.ThrowIfInvalid(options.Check, nameof(options));
        return Add(new TclrColors(options));
    }
}

/// <summary>Ranges and probabilities of TCLR's color changes.</summary>
/// <remarks>The defaults are those of the authors' pre-training code.</remarks>
public sealed record TclrColorOptions
{
    /// <summary>Largest deviation of the factors of contrast, saturation and brightness from 1.</summary>
    /// <value>0 to 1. The default value is 0.25.</value>
    public double Amount { get; init; } = 0.25;

    /// <summary>Largest deviation of the gamma exponent from 1.</summary>
    /// <value>0 to 0.99. The default value is 0.25.</value>
    public double GammaAmount { get; init; } = 0.25;

    /// <summary>Largest shift of the hue either way, as a fraction of the color circle.</summary>
    /// <value>0 to 0.5. The default value is 0.1.</value>
    public double HueAmount { get; init; } = 0.1;

    /// <summary>Probability of a contrast change: half of it before the other changes, half after them.</summary>
    /// <value>0 to 1. The default value is 0.25.</value>
    public double ContrastProbability { get; init; } = 0.25;

    /// <summary>Probability of each of hue, saturation and brightness.</summary>
    /// <value>0 to 1. The default value is 0.3.</value>
    public double JitterProbability { get; init; } = 0.3;

    /// <summary>Probability of grayscale.</summary>
    /// <value>0 to 1. The default value is 0.175.</value>
    public double GrayProbability { get; init; } = 0.175;

    /// <summary>Probability of a gamma curve for a gray clip.</summary>
    /// <value>0 to 1. The default value is 0.75.</value>
    public double GammaProbability { get; init; } = 0.75;

    /// <summary>Probability that one channel becomes 0; such a clip is not gray.</summary>
    /// <value>0 to 1, together with <see cref="GrayProbability"/> at most 1. The default value is 0.125.</value>
    public double DropProbability { get; init; } = 0.125;

    internal void Check(OptionChecker check)
    {
        check.Between(Amount, 0, 1);
        check.Between(GammaAmount, 0, 0.99);
        check.Between(HueAmount, 0, 0.5);
        check.Between(ContrastProbability, 0, 1);
        check.Between(JitterProbability, 0, 1);
        check.Between(GrayProbability, 0, 1);
        check.Between(GammaProbability, 0, 1);
        check.Between(DropProbability, 0, 1);
        check.Between(GrayProbability + DropProbability, 0, 1);
    }
}

/// <summary>The changes in the authors' order.</summary>
internal sealed class TclrColors(TclrColorOptions options) : ClipOperation
{
    public override IEnumerable<ClipChange> Draw(int height, int width, ref CounterRandom random)
    {
        double whichContrast = random.NextDouble(), early = options.ContrastProbability / 2;
        var contrast = new AdjustContrast(Factor(ref random));
        bool hue = Happens(ref random);
        var shift = ShiftHue.By(random.Uniform(-options.HueAmount, options.HueAmount));
        bool saturation = Happens(ref random);
        var saturate = new AdjustSaturation(Factor(ref random));
        bool brightness = Happens(ref random);
        var brighten = new AdjustBrightness(Factor(ref random));
        double kind = random.NextDouble();
        bool gamma = random.NextDouble() < options.GammaProbability;
        var curve = new AdjustGamma(random.Uniform(1 - options.GammaAmount, 1 + options.GammaAmount));
        var drop = new DropChannel(random.NextInt32(0, 3));

        bool gray = kind < options.GrayProbability;
        (bool Happens, ClipChange Change)[] all =
        [
            (whichContrast < early, contrast),
            (hue, shift),
            (saturation, saturate),
            (brightness, brighten),
            (whichContrast >= early && whichContrast < 2 * early, contrast),
            (gray, new ToGray()),
            (gray && gamma, curve),
            (!gray && kind < options.GrayProbability + options.DropProbability, drop),
        ];
        return all.Where(entry => entry.Happens).Select(entry => entry.Change);
    }

    private bool Happens(ref CounterRandom random) => random.NextDouble() < options.JitterProbability;

    private float Factor(ref CounterRandom random) => (float)random.Uniform(1 - options.Amount, 1 + options.Amount);
}
