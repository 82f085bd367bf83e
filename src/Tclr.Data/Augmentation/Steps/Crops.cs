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
            throw new ArgumentOutOfRangeException(nameof(low), FormattableString.Invariant($"expected scales with 0 < low <= high <= 1, got {low} and {high}"));
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

/// <summary>The square of TCLR's authors: whole pixels, and a horizontal place that leaves a wide frame's right end seldom seen.</summary>
internal sealed class TclrSquareCrop : IClipCrop
{
    private readonly double low;
    private readonly double high;

    public TclrSquareCrop(double low, double high)
    {
        StepCheck.Range(low, high, 0.01, 1, "shares", nameof(low));
        this.low = low;
        this.high = high;
    }

    public CropBox Choose(int height, int width, ref CounterRandom random)
    {
        double share = random.Uniform(low, high);
        int side = Math.Max((int)(Math.Min(height, width) * share), 1);
        int x = random.NextInt32(0, (int)(width - (width * share) + 1));
        int y = random.NextInt32(0, (int)(height - (height * share) + 1));
        return new CropBox(Math.Min(x, width - side), Math.Min(y, height - side), side, side);
    }
}

/// <summary>A box of random area and aspect ratio at a random place, in whole pixels.</summary>
internal sealed class RandomAreaCrop : IClipCrop
{
    private const int Attempts = 100;
    private readonly double lowArea;
    private readonly double highArea;
    private readonly double lowRatio;
    private readonly double highRatio;

    public RandomAreaCrop(double lowArea, double highArea, double lowRatio, double highRatio)
    {
        StepCheck.Range(lowArea, highArea, 0.001, 1, "shares of the area", nameof(lowArea));
        StepCheck.Range(lowRatio, highRatio, 0.01, 100, "aspect ratios", nameof(lowRatio));
        (this.lowArea, this.highArea, this.lowRatio, this.highRatio) = (lowArea, highArea, lowRatio, highRatio);
    }

    public CropBox Choose(int height, int width, ref CounterRandom random)
    {
        // A stream of its own: how many attempts it takes must not shift the draws of later steps.
        var own = CounterRandom.For(random.NextUInt64());
        for (int i = 0; i < Attempts; i++)
        {
            double area = own.Uniform(lowArea, highArea) * height * width;
            double ratio = own.Uniform(lowRatio, highRatio);
            int w = (int)Math.Round(Math.Sqrt(area * ratio)), h = (int)Math.Round(Math.Sqrt(area / ratio));
            if (w >= 1 && h >= 1 && w <= width && h <= height)
            {
                return new CropBox(own.NextInt32(0, width - w + 1), own.NextInt32(0, height - h + 1), w, h);
            }
        }

        return new CropBox(0, 0, width, height);
    }
}

/// <summary>The largest square, or a share of it, in the middle; in whole pixels.</summary>
internal sealed class CenterSquareCrop : IClipCrop
{
    private readonly double share;

    public CenterSquareCrop(double share = 1)
    {
        StepCheck.Range(share, 1, 0.01, 1, "a share", nameof(share));
        this.share = share;
    }

    public CropBox Choose(int height, int width, ref CounterRandom random)
    {
        int side = Math.Max((int)(Math.Min(height, width) * share), 1);
        return new CropBox((width - side) / 2, (height - side) / 2, side, side);
    }
}
