using static TorchSharp.torch;

namespace Tclr.Data;

/// <summary>How operations on 8-bit levels are carried out on tensors: one kind of operation for several clips at once.</summary>
internal static class TensorKernels
{
    /// <summary>Applies an operation to each clip.</summary>
    /// <param name="operations">For each clip its operation, all of one kind.</param>
    /// <param name="levels">Levels <c>[N, T, 3, H, W]</c>, whole numbers in single precision.</param>
    /// <param name="device">Where they are.</param>
    /// <returns>Levels after the operations.</returns>
    public static Tensor Apply(PixelOperation[] operations, Tensor levels, Device device)
    {
        switch (operations[0])
        {
            case AdjustBrightness:
                return Blended(levels, null, operations, operation => ((AdjustBrightness)operation).Factor, device);
            case AdjustContrast { Mean: ContrastMean.Frame }:
                var means = Truncated(Luma(levels).mean([2, 3], keepdim: true, type: ScalarType.Float64) + 0.5).unsqueeze(2);
                return Blended(levels, means, operations, operation => ((AdjustContrast)operation).Factor, device);
            case AdjustContrast:
                var channels = levels.mean([1, 3, 4], keepdim: true, type: ScalarType.Float64).to(ScalarType.Float32);
                return Blended(levels, channels, operations, operation => ((AdjustContrast)operation).Factor, device);
            case AdjustSaturation:
                return Blended(levels, Luma(levels).unsqueeze(2), operations, operation => ((AdjustSaturation)operation).Factor, device);
            case ShiftHue:
                return TensorHue.Apply(levels, PerClip(operations, operation => ((ShiftHue)operation).Shift, device));
            case ToGray:
                return Luma(levels).unsqueeze(2).expand(levels.shape);
            case AdjustGamma:
                return Mapped(levels, [.. operations.Select(operation => LevelMap.Gamma(((AdjustGamma)operation).Exponent))], device);
            case Solarize:
                return Mapped(levels, [.. operations.Select(operation => LevelMap.Solarize(((Solarize)operation).Threshold))], device);
            case DropChannel:
                return levels * Kept(operations, device);
            case FlipHorizontally:
                int width = (int)levels.shape[4];
                return levels.index_select(4, tensor(Enumerable.Range(0, width).Select(x => (long)(width - 1 - x)).ToArray(), device: device));
            case Erase:
                return levels * Uncovered(operations, levels.shape, device);
            case Blur:
                return Blurred(levels, operations, device);
            case Warp:
                return Warped(levels, operations, device);
            default:
                throw new NotSupportedException($"no kernel for {operations[0]}");
        }
    }

    /// <summary>Cuts the fraction off; the numbers are 0 or more.</summary>
    public static Tensor Truncated(Tensor values) => values.to(ScalarType.Int32).to(ScalarType.Float32);

    /// <summary>Divides by a number, rounded once: on a GPU a division by a plain number is a product with its inverse.</summary>
    public static Tensor Divided(Tensor values, float divisor)
    {
        using var number = tensor(divisor, device: values.device);
        return values / number;
    }

    private static Tensor Luma(Tensor levels)
        => Truncated(((levels.select(2, 0) * 19595f) + (levels.select(2, 1) * 38470f) + (levels.select(2, 2) * 7471f) + 32768f) / 65536f);

    private static Tensor Blended(Tensor levels, Tensor? from, PixelOperation[] operations, Func<PixelOperation, float> factor, Device device)
    {
        var factors = PerClip(operations, factor, device);
        return Truncated((from is null ? levels * factors : from + ((levels - from) * factors)).clamp(0, 255));
    }

    // [N, 1, 1, 1, 1]
    private static Tensor PerClip(PixelOperation[] operations, Func<PixelOperation, float> value, Device device)
        => tensor(Array.ConvertAll(operations, operation => value(operation)), [operations.Length, 1, 1, 1, 1], device: device);

    private static Tensor Mapped(Tensor levels, byte[][] maps, Device device)
    {
        long[] shape = levels.shape;
        var table = tensor(maps.SelectMany(map => map.Select(level => (float)level)).ToArray(), device: device);
        var offsets = tensor(Enumerable.Range(0, maps.Length).Select(i => i * 256L).ToArray(), [maps.Length, 1, 1, 1, 1], device: device);
        return table.index_select(0, (levels.to(ScalarType.Int64) + offsets).flatten()).reshape(shape);
    }

    private static Tensor Kept(PixelOperation[] operations, Device device)
        => tensor(
            operations.SelectMany(operation => Enumerable.Range(0, 3).Select(c => c == ((DropChannel)operation).Channel ? 0f : 1f)).ToArray(),
            [operations.Length, 1, 3, 1, 1], device: device);

    private static Tensor Uncovered(PixelOperation[] operations, long[] shape, Device device)
    {
        int height = (int)shape[3], width = (int)shape[4];
        float[] mask = new float[operations.Length * height * width];
        for (int i = 0; i < mask.Length; i++)
        {
            var box = (Erase)operations[i / (height * width)];
            int y = i / width % height - box.Top, x = (i % width) - box.Left;
            mask[i] = y >= 0 && y < box.Height && x >= 0 && x < box.Width ? 0 : 1;
        }

        return tensor(mask, [operations.Length, 1, 1, height, width], device: device);
    }

    // A Gaussian along an axis, its border included, is one matrix per clip.
    private static Tensor Blurred(Tensor levels, PixelOperation[] operations, Device device)
    {
        long[] shape = levels.shape;
        var across = levels.reshape(shape[0], -1, shape[4]).bmm(BlurMatrices(operations, (int)shape[4], device)).reshape(shape).transpose(3, 4).contiguous();
        var down = across.reshape(shape[0], -1, shape[3]).bmm(BlurMatrices(operations, (int)shape[3], device));
        return Truncated((down + 0.5f).clamp(0, 255)).reshape(shape[0], shape[1], shape[2], shape[4], shape[3]).transpose(3, 4);
    }

    private static Tensor BlurMatrices(PixelOperation[] operations, int size, Device device)
    {
        float[] matrices = new float[operations.Length * size * size];
        for (int n = 0; n < operations.Length; n++)
        {
            var blur = (Blur)operations[n];
            float[] weights = BlurKernel.Weights(blur.Sigma, blur.Radius);
            for (int x = 0; x < size; x++)
            {
                for (int k = 0; k < weights.Length; k++)
                {
                    int from = x + k - blur.Radius;
                    if (blur.Border == BlurBorder.Replicate || (from >= 0 && from < size))
                    {
                        matrices[(((n * size) + Math.Clamp(from, 0, size - 1)) * size) + x] += weights[k];
                    }
                }
            }
        }

        return tensor(matrices, [operations.Length, size, size], device: device);
    }

    private static Tensor Warped(Tensor levels, PixelOperation[] operations, Device device)
    {
        long[] shape = levels.shape;
        int area = (int)(shape[3] * shape[4]);
        return stack(operations.Select((operation, n) =>
        {
            var map = new WarpMap((Warp)operation, (int)shape[3], (int)shape[4]);
            var pixels = levels.select(0, n).reshape(-1, area);
            var sum = zeros([1], device: device) + (float)(1 << (WarpMap.Bits - 1));
            for (int k = 0; k < 4; k++)
            {
                var places = tensor(Enumerable.Range(0, area).Select(i => (long)map.Places[(i * 4) + k]).ToArray(), device: device);
                var weights = tensor(Enumerable.Range(0, area).Select(i => (float)map.Weights[(i * 4) + k]).ToArray(), device: device);
                sum = sum + (pixels.index_select(1, places) * weights);
            }

            return Truncated(sum / (float)(1 << WarpMap.Bits)).reshape(shape[1], shape[2], shape[3], shape[4]);
        }));
    }
}
