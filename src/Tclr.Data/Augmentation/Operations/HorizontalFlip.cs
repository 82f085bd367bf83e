using static TorchSharp.torch;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Flips the clip horizontally.</summary>
    /// <param name="probability">The probability, 0 to 1. The default value is 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is out of its range.</exception>
    public ClipAugmentation HorizontalFlip(double probability = 0.5) => WithPixels(probability, (_, _, ref random) => new FlipHorizontally());
}

internal sealed class FlipHorizontally : PixelChange
{
    public override void Apply(PixelFrame frame)
    {
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < frame.Height; y++)
            {
                frame[c].Slice(y * frame.Width, frame.Width).Reverse();
            }
        }
    }

    public override Tensor ApplyToTensor(Tensor levels, IReadOnlyList<PixelChange> changes) => levels.flip(4);
}
