using Tclr.Core;

namespace Tclr.Data;

/// <summary>The largest square, in the middle.</summary>
internal sealed class CenterSquareCrop : IClipCrop
{
    public CropBox Choose(int height, int width, ref CounterRandom random)
    {
        int side = Math.Min(height, width);
        return new CropBox((width - side) / 2, (height - side) / 2, side, side);
    }
}
