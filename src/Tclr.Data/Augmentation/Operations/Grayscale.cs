using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Makes the clip gray: the luma of ITU-R BT.601 in all channels.</summary>
    /// <param name="probability">The probability, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is out of its range.</exception>
    public ClipAugmentation Grayscale(double probability) => WithPixels(probability, (_, _, ref random) => new ToGray());
}

/// <summary>All channels become the luma <c>(19595 R + 38470 G + 7471 B + 32768) / 65536</c>, rounded down.</summary>
internal sealed class ToGray : PixelChange
{
    public override void Apply(PixelFrame frame)
    {
        ref byte r = ref MemoryMarshal.GetReference(frame[0]), g = ref MemoryMarshal.GetReference(frame[1]), b = ref MemoryMarshal.GetReference(frame[2]);
        for (nuint i = 0; i < (nuint)frame.Area; i += PixelLanes.Count)
        {
            PixelLanes.Store(PixelLanes.Luma(ref r, ref g, ref b, i), ref r, i);
        }

        frame[0].CopyTo(frame[1]);
        frame[0].CopyTo(frame[2]);
    }

    public override Tensor ApplyToTensor(Tensor levels, IReadOnlyList<PixelChange> changes) => TensorLevels.Luma(levels).unsqueeze(2).expand(levels.shape);
}
