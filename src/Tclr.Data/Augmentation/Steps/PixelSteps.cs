using Tclr.Core;

namespace Tclr.Data;

/// <summary>An operation that happens with a probability.</summary>
internal sealed class Chance : IClipStep
{
    private readonly double probability;
    private readonly DrawOperation draw;

    /// <summary>Creates the step.</summary>
    /// <param name="probability">How often it happens.</param>
    /// <param name="draw">Draws its numbers; called whether it happens or not.</param>
    public Chance(double probability, DrawOperation draw)
    {
        StepCheck.Probability(probability, nameof(probability));
        this.probability = probability;
        this.draw = draw;
    }

    /// <summary>Draws the numbers of an operation.</summary>
    public delegate PixelOperation DrawOperation(int height, int width, ref CounterRandom random);

    public bool OnPixels => true;

    public void Draw(int height, int width, ref CounterRandom random, ICollection<ClipOperation> drawn)
    {
        bool happens = random.NextDouble() < probability;
        var operation = draw(height, width, ref random);
        if (happens)
        {
            drawn.Add(operation);
        }
    }
}

/// <summary>Several steps that happen together, with a probability.</summary>
internal sealed class Group(double probability, IReadOnlyList<IClipStep> steps) : IClipStep
{
    public bool OnPixels => steps.Any(step => step.OnPixels);

    public bool ChangesColors => steps.Any(step => step.ChangesColors);

    public void Draw(int height, int width, ref CounterRandom random, ICollection<ClipOperation> drawn)
    {
        bool happens = random.NextDouble() < probability;
        var operations = new List<ClipOperation>();
        foreach (var step in steps)
        {
            step.Draw(height, width, ref random, operations);
        }

        foreach (var operation in happens ? operations : [])
        {
            drawn.Add(operation);
        }
    }
}

/// <summary>Brightness, contrast, saturation and hue, in random order.</summary>
internal sealed class ColorJitter : IClipStep
{
    private readonly double brightness;
    private readonly double contrast;
    private readonly double saturation;
    private readonly double hue;
    private readonly double probability;
    private readonly ContrastMean mean;

    public ColorJitter(double brightness, double contrast, double saturation, double hue, double probability, ContrastMean mean)
    {
        StepCheck.Amount(brightness, 1, nameof(brightness));
        StepCheck.Amount(contrast, 1, nameof(contrast));
        StepCheck.Amount(saturation, 1, nameof(saturation));
        StepCheck.Amount(hue, 0.5, nameof(hue));
        StepCheck.Probability(probability, nameof(probability));
        (this.brightness, this.contrast, this.saturation, this.hue, this.probability, this.mean) = (brightness, contrast, saturation, hue, probability, mean);
    }

    public bool OnPixels => true;

    public void Draw(int height, int width, ref CounterRandom random, ICollection<ClipOperation> drawn)
    {
        bool happens = random.NextDouble() < probability;
        PixelOperation?[] operations =
        [
            brightness > 0 ? new AdjustBrightness(Factor(brightness, ref random)) : null,
            contrast > 0 ? new AdjustContrast(Factor(contrast, ref random), mean) : null,
            saturation > 0 ? new AdjustSaturation(Factor(saturation, ref random)) : null,
            hue > 0 ? new ShiftHue(HueShift(random.Uniform(-hue, hue))) : null,
        ];
        random.Shuffle<PixelOperation?>(operations);
        foreach (var operation in operations)
        {
            if (happens && operation is not null)
            {
                drawn.Add(operation);
            }
        }
    }

    /// <summary>A share of the circle as a shift of 8-bit hue: <c>trunc(255 share)</c>, modulo 256.</summary>
    public static byte HueShift(double share) => unchecked((byte)(int)(share * 255));

    private static float Factor(double amount, ref CounterRandom random) => (float)random.Uniform(1 - amount, 1 + amount);
}
