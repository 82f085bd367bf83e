using static TorchSharp.torch;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Sets a random rectangle to black. Its upper left corner lies anywhere in the frame; the part outside the frame is ignored.</summary>
    /// <param name="smallest">Smallest height and width in pixels, 1 or more.</param>
    /// <param name="largest">Largest height and width.</param>
    /// <param name="probability">The probability, 0 to 1. The default value is 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ClipAugmentation RandomErasing(int smallest, int largest, double probability = 0.5)
    {
        CheckRange(smallest, largest, 1, int.MaxValue - 1, "lengths");
        return WithPixels(probability, (height, width, ref random) => new Erase(
            random.NextInt32(0, height), random.NextInt32(0, width), random.NextInt32(smallest, largest + 1), random.NextInt32(smallest, largest + 1)));
    }
}

/// <summary>Sets a rectangle to 0; the part outside the frame is ignored.</summary>
internal sealed class Erase(int top, int left, int height, int width) : PixelChange
{
    public int Top => top;

    public int Left => left;

    public int Height => height;

    public int Width => width;

    public override void Apply(PixelFrame frame)
    {
        int bottom = (int)Math.Min((long)top + height, frame.Height), right = (int)Math.Min((long)left + width, frame.Width);
        for (int c = 0; c < 3; c++)
        {
            for (int y = top; y < bottom; y++)
            {
                frame[c][((y * frame.Width) + left)..((y * frame.Width) + right)].Clear();
            }
        }
    }

    public override Tensor ApplyToTensor(Tensor levels, IReadOnlyList<PixelChange> changes)
    {
        int rows = (int)levels.shape[3], columns = (int)levels.shape[4];
        float[] mask = new float[changes.Count * rows * columns];
        for (int i = 0; i < mask.Length; i++)
        {
            var box = (Erase)changes[i / (rows * columns)];
            int y = (i / columns % rows) - box.Top, x = (i % columns) - box.Left;
            mask[i] = y >= 0 && y < box.Height && x >= 0 && x < box.Width ? 0 : 1;
        }

        return levels * HostTransfer.Upload(tensor(mask, [changes.Count, 1, 1, rows, columns]), levels.device);
    }
}
