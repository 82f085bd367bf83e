using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Values of tensors with one element, converted.</summary>
public static class TensorExtensionMethods
{
    /// <summary>The element as a float.</summary>
    /// <param name="value">A tensor with one element.</param>
    /// <returns>The converted element.</returns>
    public static float ToSingle(this Tensor value) => (float)ToDouble(value);

    /// <summary>The element as a double.</summary>
    /// <param name="value">A tensor with one element.</param>
    /// <returns>The converted element.</returns>
    public static double ToDouble(this Tensor value)
    {
        using var converted = value.to(ScalarType.Float64);
        return converted.item<double>();
    }

    /// <summary>The element as a long.</summary>
    /// <param name="value">A tensor with one element.</param>
    /// <returns>The converted element.</returns>
    public static long ToInt64(this Tensor value)
    {
        using var converted = value.to(ScalarType.Int64);
        return converted.item<long>();
    }

    /// <summary>The element as a truth value.</summary>
    /// <param name="value">A tensor with one element.</param>
    /// <returns>The converted element.</returns>
    public static bool ToBoolean(this Tensor value)
    {
        using var converted = value.to(ScalarType.Bool);
        return converted.item<bool>();
    }
}
