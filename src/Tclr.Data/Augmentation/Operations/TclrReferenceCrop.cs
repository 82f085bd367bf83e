using Tclr.Core;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Crops a random square as TCLR's authors place it: in whole pixels, the left edge at most <c>W - share W</c>.</summary>
    /// <remarks>The side is a share of the shorter length only, so only large squares reach the right end of a wide frame.</remarks>
    /// <param name="low">Smallest share of the shorter side, 0.01 or more.</param>
    /// <param name="high">Largest share, 1 at most.</param>
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
