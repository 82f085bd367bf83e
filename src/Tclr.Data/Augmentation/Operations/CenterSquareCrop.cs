using Tclr.Core;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Crops the largest square at the center of the frame, or a fraction of it, in whole pixels.</summary>
    /// <param name="share">Side as a fraction of the frame's shorter side, 0.01 to 1. The default value is 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of its range.</exception>
    public ClipAugmentation CenterSquareCrop(double share = 1)
    {
        OptionChecker.ThrowIfInvalid(check => check.Between(share, 0.01, 1), nameof(share));
        return With(new CenterSquareCrop(share));
    }
}

internal sealed class CenterSquareCrop(double share) : IClipCrop
{
    public CropBox Choose(int height, int width, ref CounterRandom random)
    {
        int side = Math.Max((int)(Math.Min(height, width) * share), 1);
        return new CropBox((width - side) / 2, (height - side) / 2, side, side);
    }
}
