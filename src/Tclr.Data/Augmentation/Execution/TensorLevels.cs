using static TorchSharp.torch;

namespace Tclr.Data;

/// <summary>8-bit arithmetic on tensors: levels <c>[N, T, 3, H, W]</c> are whole numbers in single precision.</summary>
internal static class TensorLevels
{
    /// <summary>Truncates numbers of 0 or more.</summary>
    public static Tensor Truncated(Tensor values) => values.to(ScalarType.Int32).to(ScalarType.Float32);

    /// <summary>Divides by a number, rounded once. On a GPU, torch divides by a constant by multiplying with its inverse.</summary>
    public static Tensor Divided(Tensor values, float divisor)
    {
        using var number = full([], divisor, device: values.device);
        return values / number;
    }

    /// <summary>Luma of ITU-R BT.601 <c>[N, T, H, W]</c>, as in <see cref="ToGray"/>.</summary>
    public static Tensor Luma(Tensor levels)
        => Truncated(((levels.select(2, 0) * 19595f) + (levels.select(2, 1) * 38470f) + (levels.select(2, 2) * 7471f) + 32768f) / 65536f);

    /// <summary>A parameter of each clip's change, <c>[N, 1, 1, 1, 1]</c>.</summary>
    public static Tensor PerClip(IReadOnlyList<PixelChange> changes, Func<PixelChange, float> value, Device device)
        => HostTransfer.Upload(tensor(changes.Select(value).ToArray(), [changes.Count, 1, 1, 1, 1]), device);
}
