using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Data;

/// <summary>
/// Crops and resizes as two matrix products. The upper and lower 11 bits of the 22-bit weights are multiplied separately: all sums
/// are whole numbers below 2^24, so single precision gives <see cref="PixelResampler"/>'s bytes in any order of addition.
/// </summary>
internal static class TensorResampler
{
    // 2^24 / (255 * 2047): with more taps the lower sums need double precision.
    private const int ExactTaps = 32;

    /// <summary>Computes levels <c>[T, 3, H, W]</c>, whole numbers if the clip is rounded.</summary>
    public static Tensor Run(Tensor window, DrawnClip clip, Device device)
    {
        using var scope = NewDisposeScope();
        var parameters = clip.Parameters;
        var resize = parameters.Resize;
        int sourceHeight = (int)window.shape[1], sourceWidth = (int)window.shape[2];
        var places = HostTransfer.Upload(tensor(Array.ConvertAll(clip.Positions, position => (long)position)), device);
        var frames = window.index_select(0, places);
        var box = resize.Box;
        Tensor levels;
        if (resize.Filter == ResizeFilter.BilinearNoAntialias)
        {
            var columns = new LerpAxis(box.X, box.Width, sourceWidth, resize.ScaledWidth, resize.Left, resize.Width);
            var rows = new LerpAxis(box.Y, box.Height, sourceHeight, resize.ScaledHeight, resize.Top, resize.Height);
            levels = Cropped(frames, 0, sourceHeight, 0, sourceWidth);
            levels = TensorLevels.Truncated(Between(Between(levels, columns, 3, device), rows, 2, device));
        }
        else if (parameters.Rounded)
        {
            var columns = new FixedWeights(box.X, box.Width, sourceWidth, resize.ScaledWidth, resize.Left, resize.Width, resize.Filter);
            var rows = new FixedWeights(box.Y, box.Height, sourceHeight, resize.ScaledHeight, resize.Top, resize.Height, resize.Filter);
            levels = Cropped(frames, rows.From, rows.Length, columns.From, columns.Length);
            levels = Along(Along(levels, columns, device).transpose(2, 3), rows, device).transpose(2, 3);
        }
        else
        {
            using var columns = new AxisWeights(box.X, box.Width, sourceWidth, resize.Width);
            using var rows = new AxisWeights(box.Y, box.Height, sourceHeight, resize.Height);
            levels = Cropped(frames, rows.From, rows.Length, columns.From, columns.Length);
            levels = Product(Product(levels, Dense(columns, resize.Width, device)).transpose(2, 3), Dense(rows, resize.Height, device)).transpose(2, 3);
        }

        if (parameters.Channels == ChannelOrder.Bgr)
        {
            levels = levels.flip(1);
        }

        return levels.contiguous().MoveToOuterDisposeScope();
    }

    private static Tensor Cropped(Tensor frames, int top, int height, int left, int width)
        => frames.narrow(1, top, height).narrow(2, left, width).permute(0, 3, 1, 2).to(ScalarType.Float32);

    // Interpolates along a dimension.
    private static Tensor Between(Tensor levels, LerpAxis axis, int dimension, Device device)
    {
        long[] shape = [1, 1, 1, 1];
        shape[dimension] = axis.Shares.Length;
        var low = levels.index_select(dimension, HostTransfer.Upload(tensor(Array.ConvertAll(axis.Lower, place => (long)place)), device));
        var high = levels.index_select(dimension, HostTransfer.Upload(tensor(Array.ConvertAll(axis.Upper, place => (long)place)), device));
        return low + ((high - low) * HostTransfer.Upload(tensor(axis.Shares, shape), device));
    }

    // Resamples the last dimension and rounds.
    private static Tensor Along(Tensor levels, FixedWeights axis, Device device)
    {
        const int low = 1 << (FixedWeights.Bits / 2);
        int outputs = axis.Starts.Length;
        float[] matrix = new float[axis.Length * outputs * 2];
        for (int i = 0; i < outputs; i++)
        {
            for (int k = 0; k < axis.Taps; k++)
            {
                int weight = axis.Weights[(i * axis.Taps) + k], at = ((axis.Starts[i] + k) * outputs * 2) + i;
                matrix[at] += weight >> (FixedWeights.Bits / 2);
                matrix[at + outputs] += weight & (low - 1);
            }
        }

        var type = axis.Taps > ExactTaps ? ScalarType.Float64 : ScalarType.Float32;
        var sums = Product(levels.to(type), HostTransfer.Upload(tensor(matrix, [axis.Length, outputs * 2], type), device)).to(ScalarType.Float64);
        var total = (sums.narrow(3, 0, outputs) * low) + sums.narrow(3, outputs, outputs) + (double)FixedWeights.Half;
        return TensorLevels.Truncated((total / (double)(1 << FixedWeights.Bits)).clamp(0, 255));
    }

    private static Tensor Product(Tensor levels, Tensor matrix)
    {
        long[] shape = levels.shape;
        return levels.reshape(-1, shape[3]).mm(matrix).reshape(shape[0], shape[1], shape[2], matrix.shape[1]);
    }

    private static Tensor Dense(in AxisWeights axis, int outputs, Device device)
    {
        float[] matrix = new float[axis.Length * outputs];
        for (int i = 0; i < outputs; i++)
        {
            for (int k = 0; k < axis.Taps; k++)
            {
                matrix[((axis.Starts[i] + k) * outputs) + i] += axis.Weights[(i * axis.Taps) + k];
            }
        }

        return HostTransfer.Upload(tensor(matrix, [axis.Length, outputs]), device);
    }
}
