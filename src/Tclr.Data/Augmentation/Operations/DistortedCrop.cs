using Tclr.Core;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Crops a random box by area and aspect ratio, in whole pixels, as TensorFlow's <c>sample_distorted_bounding_box</c>; the whole frame if none of 100 attempts fits.</summary>
    /// <remarks>
    /// The height, and not the area, is uniform over the heights that the areas allow, so crops are smaller than those of
    /// <see cref="RandomResizedCrop"/>; a crop never touches the lower or right edge unless it has the frame's full height or width.
    /// </remarks>
    /// <param name="lowArea">Minimum fraction of the frame's area, 0.001 or more.</param>
    /// <param name="highArea">Maximum fraction, at most 1.</param>
    /// <param name="lowRatio">Minimum aspect ratio (width divided by height), 0.01 or more. The default value is 3/4.</param>
    /// <param name="highRatio">Maximum aspect ratio, at most 100. The default value is 4/3.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ClipAugmentation DistortedCrop(double lowArea, double highArea, double lowRatio = 3.0 / 4, double highRatio = 4.0 / 3)
    {
        CheckRange(lowArea, highArea, 0.001, 1, "shares of the area");
        CheckRange(lowRatio, highRatio, 0.01, 100, "aspect ratios");
        return With(new DistortedCrop(lowArea, highArea, lowRatio, highRatio));
    }
}

internal sealed class DistortedCrop(double lowArea, double highArea, double lowRatio, double highRatio) : IClipCrop
{
    private const int Attempts = 100;

    public CropBox Choose(int height, int width, ref CounterRandom random)
    {
        // A separate stream, so that the number of attempts does not shift the draws of later operations.
        var own = CounterRandom.For(random.NextUInt64());
        for (int i = 0; i < Attempts; i++)
        {
            float ratio = (float)own.Uniform(lowRatio, highRatio);
            if (Box(height, width, ratio, ref own) is { } box)
            {
                return box;
            }
        }

        return new CropBox(0, 0, width, height);
    }

    // In single precision and with halves rounded to even, as TensorFlow computes.
    private CropBox? Box(int height, int width, float ratio, ref CounterRandom random)
    {
        float least = (float)lowArea * width * height, most = (float)highArea * width * height;
        int low = Round(MathF.Sqrt(least / ratio)), high = Math.Min(Round(MathF.Sqrt(most / ratio)), height);
        while (WidthOf(high) > width)
        {
            high--;
        }

        int h = low < high ? random.NextInt32(low, high + 1) : high;

        // Corrects by one row what rounding has moved out of the range.
        h += WidthOf(h) * h < least ? 1 : 0;
        h -= WidthOf(h) * h > most ? 1 : 0;
        int w = WidthOf(h);
        if (w < 1 || h < 1 || w > width || h > height || w * h < least || w * h > most)
        {
            return null;
        }

        int y = h < height ? random.NextInt32(0, height - h) : 0, x = w < width ? random.NextInt32(0, width - w) : 0;
        return new CropBox(x, y, w, h);

        int WidthOf(int rows) => Round(rows * ratio);
    }

    private static int Round(float value) => (int)MathF.Round(value);
}
