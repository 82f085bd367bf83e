using Tclr.Core;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Crops a random box by area and aspect ratio, in whole pixels; the whole frame if none of 100 attempts fits.</summary>
    /// <param name="lowArea">Minimum fraction of the frame's area, 0.001 or more.</param>
    /// <param name="highArea">Maximum fraction, at most 1.</param>
    /// <param name="lowRatio">Smallest aspect ratio (width divided by height), 0.01 or more. The default value is 3/4.</param>
    /// <param name="highRatio">Largest aspect ratio, 100 at most. The default value is 4/3.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ClipAugmentation RandomResizedCrop(double lowArea, double highArea, double lowRatio = 3.0 / 4, double highRatio = 4.0 / 3)
    {
        CheckRange(lowArea, highArea, 0.001, 1, "shares of the area");
        CheckRange(lowRatio, highRatio, 0.01, 100, "aspect ratios");
        return With(new RandomResizedCrop(lowArea, highArea, lowRatio, highRatio));
    }
}

internal sealed class RandomResizedCrop(double lowArea, double highArea, double lowRatio, double highRatio) : IClipCrop
{
    private const int Attempts = 100;

    public CropBox Choose(int height, int width, ref CounterRandom random)
    {
        // A separate stream, so that the number of attempts does not shift the draws of later operations.
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
