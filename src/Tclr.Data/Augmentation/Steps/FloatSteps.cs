using System.Numerics;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>Mixes the channels by a random matrix near the identity, or makes the clip gray.</summary>
internal sealed class ColorMatrix : IClipStep
{
    // Luma of ITU-R BT.601, the usual meaning of gray.
    private static readonly Vector3 Luma = new(0.299f, 0.587f, 0.114f);
    private readonly double amount;
    private readonly double grayProbability;

    public ColorMatrix(double amount, double grayProbability)
    {
        StepCheck.Amount(amount, double.MaxValue, nameof(amount));
        StepCheck.Probability(grayProbability, nameof(grayProbability));
        this.amount = amount;
        this.grayProbability = grayProbability;
    }

    public bool OnPixels => false;

    public void Draw(int height, int width, ref CounterRandom random, ICollection<ClipOperation> drawn)
    {
        bool gray = random.NextDouble() < grayProbability;
        var matrix = Matrix4x4.Identity;
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                matrix[row, column] += (float)random.Uniform(-amount, amount);
            }
        }

        drawn.Add(new MixChannels(gray
            ? new Matrix4x4(
                Luma.X, Luma.X, Luma.X, 0,
                Luma.Y, Luma.Y, Luma.Y, 0,
                Luma.Z, Luma.Z, Luma.Z, 0,
                0, 0, 0, 1)
            : matrix));
    }
}

/// <summary>Spreads or narrows the values around the clip's mean.</summary>
internal sealed class Contrast : IClipStep
{
    private readonly double low;
    private readonly double high;

    public Contrast(double low, double high)
    {
        StepCheck.Range(low, high, 0, double.MaxValue, "factors", nameof(low));
        this.low = low;
        this.high = high;
    }

    public bool OnPixels => false;

    public void Draw(int height, int width, ref CounterRandom random, ICollection<ClipOperation> drawn)
        => drawn.Add(new SpreadAroundMean((float)random.Uniform(low, high)));
}

/// <summary>Adds a random amount to all channels.</summary>
internal sealed class Brightness : IClipStep
{
    private readonly double low;
    private readonly double high;

    public Brightness(double low, double high)
    {
        StepCheck.Range(low, high, double.MinValue, double.MaxValue, "amounts", nameof(low));
        this.low = low;
        this.high = high;
    }

    public bool OnPixels => false;

    public void Draw(int height, int width, ref CounterRandom random, ICollection<ClipOperation> drawn)
        => drawn.Add(new MixChannels(Matrix4x4.CreateTranslation(new Vector3((float)random.Uniform(low, high)))));
}

/// <summary>A fixed affine change.</summary>
internal sealed class FixedColorChange(Matrix4x4 matrix) : IClipStep
{
    private readonly MixChannels change = new(matrix);

    public bool OnPixels => false;

    public void Draw(int height, int width, ref CounterRandom random, ICollection<ClipOperation> drawn) => drawn.Add(change);
}
