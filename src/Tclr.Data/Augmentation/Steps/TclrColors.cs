using Tclr.Core;

namespace Tclr.Data;

/// <summary>Ranges and probabilities of TCLR's changes of colour.</summary>
/// <remarks>The defaults are those of the authors' pre-training code.</remarks>
public sealed record TclrColorOptions
{
    /// <summary>Largest deviation of the factors of contrast, saturation and brightness from 1; 0 to 1.</summary>
    /// <value>The default value is 0.25.</value>
    public double Amount { get; init; } = 0.25;

    /// <summary>Largest deviation of the gamma exponent from 1; 0 up to, not including, 1.</summary>
    /// <value>The default value is 0.25.</value>
    public double GammaAmount { get; init; } = 0.25;

    /// <summary>Largest shift of the hue either way, as a share of the circle; 0 to 0.5.</summary>
    /// <value>The default value is 0.1.</value>
    public double HueAmount { get; init; } = 0.1;

    /// <summary>How often contrast changes: half of these before the other changes, half after them.</summary>
    /// <value>The default value is 0.25.</value>
    public double ContrastProbability { get; init; } = 0.25;

    /// <summary>How often hue, saturation and brightness change, each on its own.</summary>
    /// <value>The default value is 0.3.</value>
    public double JitterProbability { get; init; } = 0.3;

    /// <summary>How often the clip becomes gray.</summary>
    /// <value>The default value is 0.175.</value>
    public double GrayProbability { get; init; } = 0.175;

    /// <summary>How often a gray clip gets a gamma curve.</summary>
    /// <value>The default value is 0.75.</value>
    public double GammaProbability { get; init; } = 0.75;

    /// <summary>How often one channel becomes 0, of clips that are not gray; with <see cref="GrayProbability"/> at most 1.</summary>
    /// <value>The default value is 0.125.</value>
    public double DropProbability { get; init; } = 0.125;
}

/// <summary>TCLR's changes of colour, in the authors' order.</summary>
internal sealed class TclrColors : IClipStep
{
    private readonly TclrColorOptions options;

    public TclrColors(TclrColorOptions options)
    {
        StepCheck.Amount(options.Amount, 1, nameof(options.Amount));
        StepCheck.Range(0, options.GammaAmount, 0, 0.99, "an amount", nameof(options.GammaAmount));
        StepCheck.Amount(options.HueAmount, 0.5, nameof(options.HueAmount));
        StepCheck.Probability(options.ContrastProbability, nameof(options.ContrastProbability));
        StepCheck.Probability(options.JitterProbability, nameof(options.JitterProbability));
        StepCheck.Probability(options.GrayProbability, nameof(options.GrayProbability));
        StepCheck.Probability(options.GammaProbability, nameof(options.GammaProbability));
        StepCheck.Probability(options.DropProbability, nameof(options.DropProbability));
        StepCheck.Probability(options.GrayProbability + options.DropProbability, $"{nameof(options.GrayProbability)} + {nameof(options.DropProbability)}");
        this.options = options;
    }

    public bool OnPixels => true;

    public void Draw(int height, int width, ref CounterRandom random, ICollection<ClipOperation> drawn)
    {
        double whichContrast = random.NextDouble(), early = options.ContrastProbability / 2;
        var contrast = new AdjustContrast(Factor(ref random));
        bool hue = Happens(ref random);
        var shift = new ShiftHue(ColorJitter.HueShift(random.Uniform(-options.HueAmount, options.HueAmount)));
        bool saturation = Happens(ref random);
        var saturate = new AdjustSaturation(Factor(ref random));
        bool brightness = Happens(ref random);
        var brighten = new AdjustBrightness(Factor(ref random));
        double kind = random.NextDouble();
        bool gamma = random.NextDouble() < options.GammaProbability;
        var curve = new AdjustGamma(random.Uniform(1 - options.GammaAmount, 1 + options.GammaAmount));
        var drop = new DropChannel(random.NextInt32(0, 3));
        bool gray = kind < options.GrayProbability;

        (bool Happens, PixelOperation Operation)[] all =
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
        foreach (var (happens, operation) in all)
        {
            if (happens)
            {
                drawn.Add(operation);
            }
        }
    }

    private bool Happens(ref CounterRandom random) => random.NextDouble() < options.JitterProbability;

    private float Factor(ref CounterRandom random) => (float)random.Uniform(1 - options.Amount, 1 + options.Amount);
}
