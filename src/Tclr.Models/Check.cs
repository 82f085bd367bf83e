using System.Globalization;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>Checks of tensors before torch sees them: the messages name network, argument, what is expected and what came.</summary>
internal static class Check
{
    /// <summary>A floating-point tensor of a shape, none of its dimensions empty.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="shape">A size, or a letter where any size will do, for each dimension.</param>
    /// <param name="network">Who asks.</param>
    /// <param name="what">What the tensor is.</param>
    /// <param name="parameter">The parameter it came by.</param>
    public static void Shape(Tensor tensor, ReadOnlySpan<Dimension> shape, string network, string what, string parameter)
    {
        ArgumentNullException.ThrowIfNull(tensor, parameter);
        long[] sizes = tensor.shape;
        bool fits = sizes.Length == shape.Length;
        for (int i = 0; fits && i < sizes.Length; i++)
        {
            fits = shape[i].Size is { } size ? sizes[i] == size : sizes[i] > 0;
        }

        if (!fits)
        {
            var expected = shape.ToArray().Select(dimension => dimension.Name);
            throw new ArgumentException(
                $"{network}: expected {what} [{string.Join(',', expected)}], got [{string.Join(',', sizes)}]", parameter);
        }

        if (tensor.dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"{network}: expected {what} of a floating-point type, got {tensor.dtype}", parameter);
        }
    }

    /// <summary>A dimension of an expected shape.</summary>
    /// <param name="Name">Its size or its letter.</param>
    /// <param name="Size">Its size; <see langword="null"/> where any will do.</param>
    internal readonly record struct Dimension(string Name, long? Size)
    {
        public static implicit operator Dimension(string letter) => new(letter, null);

        public static implicit operator Dimension(int size) => new(size.ToString(CultureInfo.InvariantCulture), size);
    }
}
