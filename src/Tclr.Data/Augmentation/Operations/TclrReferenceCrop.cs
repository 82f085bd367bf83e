using Tclr.Core;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Crops a random square as the TCLR authors' code does: in whole pixels, the left edge at most <c>W - f W</c> for a fraction <c>f</c>.</summary>
    /// <remarks>The side is <c>f</c> times the shorter side, so only large squares reach the right edge of a wide frame.</remarks>
    /// <param name="low">Smallest fraction of the shorter side, 0.01 or more.</param>
    /// <param name="high">Largest fraction, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A share is out of its range.</exception>
    public ClipAugmentation TclrReferenceCrop(double low, double high)
    {
        CheckRange(low, high, 0.01, 1, "shares");
        return With(new TclrReferenceCrop(low, high));
    }
}

internal sealed class TclrReferenceCrop(double low, double high) : IClipCrop
{
    public CropBox Choose(int height, int width, ref CounterRandom random)
    {
        double share = random.Uniform(low, high);
        int side = Math.Max((int)(Math.Min(height, width) * share), 1);
        int x = random.NextInt32(0, (int)(width - (width * share) + 1));
        int y = random.NextInt32(0, (int)(height - (height * share) + 1));
        return new CropBox(Math.Min(x, width - side), Math.Min(y, height - side), side, side);
    }
}
