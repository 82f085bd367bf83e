using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Tclr;

/// <summary>Validates tensor arguments; messages name the caller, the argument, the expected and the actual shape.</summary>
internal static class TensorCheck
{
    /// <summary>Requires a floating-point tensor of a shape without empty dimensions.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="shape">The expected shape, such as <c>[N,3,T,H,W]</c>: a number is an exact size, a letter is any size above 0.</param>
    /// <param name="caller">The function or module that checks.</param>
    /// <param name="name">The name of the argument.</param>
    public static void Shape(Tensor tensor, string shape, string caller, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        string[] sizes = shape[1..^1].Split(',');
        if (tensor.dim() != sizes.Length || !sizes.Zip(tensor.shape, Fits).All(fits => fits))
        {
            throw new ArgumentException($"{caller}: expected {name} {shape}, got {Text(tensor)}", name);
        }

        if (tensor.numel() == 0)
        {
            throw new ArgumentException($"{caller}: expected {name} {shape} without empty dimensions, got {Text(tensor)}", name);
        }

        if (tensor.dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"{caller}: expected {name} of a floating-point type, got {tensor.dtype}", name);
        }
    }

    /// <summary>Requires two floating-point tensors of one shape, type and device, without empty dimensions.</summary>
    public static void SameShape(
        Tensor first,
        Tensor second,
        string shape,
        string caller,
        [CallerArgumentExpression(nameof(first))] string firstName = "",
        [CallerArgumentExpression(nameof(second))] string secondName = "")
    {
        Shape(first, shape, caller, firstName);
        ArgumentNullException.ThrowIfNull(second, secondName);
        if (!first.shape.AsSpan().SequenceEqual(second.shape))
        {
            throw new ArgumentException(
                $"{caller}: expected {firstName} and {secondName} of one shape {shape}, got {Text(first)} and {Text(second)}", secondName);
        }

        SameKind(first, second, caller, firstName, secondName);
    }

    /// <summary>Requires a dimension of at least 2.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="dimension">The index of the dimension.</param>
    /// <param name="expected">What is expected, in words: <c>two views or more</c>.</param>
    /// <param name="caller">The function or module that checks.</param>
    /// <param name="name">The name of the argument.</param>
    public static void AtLeastTwo(Tensor tensor, int dimension, string expected, string caller, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        if (tensor.shape[dimension] < 2)
        {
            throw new ArgumentException($"{caller}: expected {name} with {expected}, got {Text(tensor)}", name);
        }
    }

    /// <summary>Requires two tensors of one type on one device.</summary>
    public static void SameKind(
        Tensor first,
        Tensor second,
        string caller,
        [CallerArgumentExpression(nameof(first))] string firstName = "",
        [CallerArgumentExpression(nameof(second))] string secondName = "")
    {
        if (first.dtype != second.dtype)
        {
            throw new ArgumentException($"{caller}: expected {firstName} and {secondName} of one type, got {first.dtype} and {second.dtype}", secondName);
        }

        if (first.device.type != second.device.type || first.device.index != second.device.index)
        {
            throw new ArgumentException($"{caller}: expected {firstName} and {secondName} on one device, got {first.device} and {second.device}", secondName);
        }
    }

    /// <summary>The shape of a tensor, such as <c>[32,4,128]</c>.</summary>
    public static string Text(Tensor tensor) => $"[{string.Join(',', tensor.shape)}]";

    private static bool Fits(string expected, long size)
        => !long.TryParse(expected, NumberStyles.None, CultureInfo.InvariantCulture, out long exact) || size == exact;
}
