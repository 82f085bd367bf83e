using Tclr.Core;

namespace Tclr.Data;

/// <summary>A square of random size at a random place inside the frame.</summary>
internal sealed class RandomSquareCrop : IClipCrop
{
    private readonly double low;
    private readonly double high;

    public RandomSquareCrop(double low, double high)
    {
        if (!(low > 0 && low <= high && high <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(low), $"expected scales with 0 < low <= high <= 1, got {low} and {high}");
        }

        this.low = low;
        this.high = high;
    }

    public CropBox Choose(int height, int width, ref CounterRandom random)
    {
        double side = random.Uniform(low, high) * Math.Min(height, width);
        double x = random.Uniform(0, width - side);
        double y = random.Uniform(0, height - side);
        return new CropBox(x, y, side, side);
    }
}
