using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Tclr.Losses.Kernels;

/// <summary>Checks of arguments before torch sees them: the messages name function, argument, what is expected and what came.</summary>
internal static class Check
{
    /// <summary>Two floating-point tensors of the same shape, type and device, none of it empty.</summary>
    public static void Alike(
        Tensor first,
        Tensor second,
        string shape,
        string function,
        [CallerArgumentExpression(nameof(first))] string firstName = "",
        [CallerArgumentExpression(nameof(second))] string secondName = "")
    {
        ArgumentNullException.ThrowIfNull(first, firstName);
        ArgumentNullException.ThrowIfNull(second, secondName);
        int rank = Rank(shape);
        if (first.dim() != rank || !first.shape.AsSpan().SequenceEqual(second.shape))
        {
            string culprit = first.dim() != rank ? firstName : secondName;
            throw new ArgumentException($"{function}: expected {firstName} and {secondName} {shape} alike, got {Text(first)} and {Text(second)}", culprit);
        }

        Content(first, shape, function, firstName);
        SameKind(first, second, function, firstName, secondName);
    }

    /// <summary>Two tensors of one type on one device.</summary>
    public static void SameKind(
        Tensor first,
        Tensor second,
        string function,
        [CallerArgumentExpression(nameof(first))] string firstName = "",
        [CallerArgumentExpression(nameof(second))] string secondName = "")
    {
        if (first.dtype != second.dtype)
        {
            throw new ArgumentException($"{function}: expected {firstName} and {secondName} of one type, got {first.dtype} and {second.dtype}", secondName);
        }

        if (first.device.type != second.device.type || first.device.index != second.device.index)
        {
            throw new ArgumentException($"{function}: expected {firstName} and {secondName} on one device, got {first.device} and {second.device}", secondName);
        }
    }

    /// <summary>A floating-point tensor of that many dimensions, none of them empty.</summary>
    public static void Shape(Tensor tensor, string shape, string function, string name)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.dim() != Rank(shape))
        {
            throw new ArgumentException($"{function}: expected {name} {shape}, got {Text(tensor)}", name);
        }

        Content(tensor, shape, function, name);
    }

    /// <summary>A dimension that must offer something to tell apart.</summary>
    public static void AtLeastTwo(Tensor tensor, int dimension, string expected, string function, string name)
    {
        if (tensor.shape[dimension] < 2)
        {
            throw new ArgumentException($"{function}: expected {expected}, got {Text(tensor)}", name);
        }
    }

    /// <summary>A temperature that similarities can be divided by.</summary>
    public static double Temperature(double temperature, string function, [CallerArgumentExpression(nameof(temperature))] string name = "")
        => IsTemperature(temperature)
            ? temperature
            : throw new ArgumentOutOfRangeException(
                name, temperature, string.Create(CultureInfo.InvariantCulture, $"{function}: expected a {name} that is finite and above 0, got {temperature}"));

    /// <summary>Embeddings that a loss cannot do without.</summary>
    public static Tensor Present(Tensor? embeddings, string function, string name)
        => embeddings ?? throw new ArgumentException($"{function}: expected {name}, got none: use a view layout with 2 timesteps or more", name);

    /// <summary>Whether similarities can be divided by a number.</summary>
    public static bool IsTemperature(double temperature) => double.IsFinite(temperature) && temperature > 0;

    /// <summary>The shape as <c>[32,4,128]</c>.</summary>
    public static string Text(Tensor tensor) => $"[{string.Join(',', tensor.shape)}]";

    private static void Content(Tensor tensor, string shape, string function, string name)
    {
        if (tensor.numel() == 0)
        {
            throw new ArgumentException($"{function}: expected {name} {shape} without empty dimensions, got {Text(tensor)}", name);
        }

        if (tensor.dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"{function}: expected {name} of a floating-point type, got {tensor.dtype}", name);
        }
    }

    private static int Rank(string shape) => shape.AsSpan().Count(',') + 1;
}
