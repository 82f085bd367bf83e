using Tclr.Core;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Crops a square of random size at a random place inside the frame.</summary>
    /// <param name="low">Smallest side as a fraction of the frame's shorter side, above 0.</param>
    /// <param name="high">Largest fraction, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A share is out of its range.</exception>
    public ClipAugmentation RandomSquareCrop(double low, double high)
    {
        CheckRange(low, high, double.Epsilon, 1, "shares");
        return With(new RandomSquareCrop(low, high));
    }
}

internal sealed class RandomSquareCrop(double low, double high) : IClipCrop
{
    public CropBox Choose(int height, int width, ref CounterRandom random)
    {
        double side = random.Uniform(low, high) * Math.Min(height, width);
        double x = random.Uniform(0, width - side);
        double y = random.Uniform(0, height - side);
        return new CropBox(x, y, side, side);
    }
}
