using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>A type of a tensor's elements, with its names in the formats.</summary>
/// <param name="Scalar">The type in torch.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="SafeTensors">Its name in safetensors.</param>
/// <param name="Storage">Its storage class in PyTorch.</param>
/// <param name="TensorFlow">Its <c>DataType</c> in TensorFlow.</param>
internal sealed record ElementType(ScalarType Scalar, int Size, string SafeTensors, string Storage, int TensorFlow)
{
    public static IReadOnlyList<ElementType> All { get; } =
    [
        new(ScalarType.Float64, 8, "F64", "DoubleStorage", 2),
        new(ScalarType.Float32, 4, "F32", "FloatStorage", 1),
        new(ScalarType.Float16, 2, "F16", "HalfStorage", 19),
        new(ScalarType.BFloat16, 2, "BF16", "BFloat16Storage", 14),
        new(ScalarType.Int64, 8, "I64", "LongStorage", 9),
        new(ScalarType.Int32, 4, "I32", "IntStorage", 3),
        new(ScalarType.Int16, 2, "I16", "ShortStorage", 5),
        new(ScalarType.Int8, 1, "I8", "CharStorage", 6),
        new(ScalarType.Byte, 1, "U8", "ByteStorage", 4),
        new(ScalarType.Bool, 1, "BOOL", "BoolStorage", 10),
    ];

    public static string Names { get; } = string.Join(", ", All.Select(type => type.SafeTensors));

    public bool IsFloatingPoint => Scalar is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;

    public static ElementType? Of(ScalarType scalar) => All.FirstOrDefault(type => type.Scalar == scalar);

    public static ElementType? OfSafeTensors(string name) => All.FirstOrDefault(type => string.Equals(type.SafeTensors, name, StringComparison.Ordinal));

    public static ElementType? OfStorage(string name) => All.FirstOrDefault(type => string.Equals(type.Storage, name, StringComparison.Ordinal));

    public static ElementType? OfTensorFlow(long type) => All.FirstOrDefault(known => known.TensorFlow == type);

    /// <summary>The type of a tensor that is to be written.</summary>
    public static ElementType Of(string name, Tensor tensor)
        => Of(tensor.dtype) ?? throw new ArgumentException($"'{name}': expected a type of {Names}, got {tensor.dtype}", nameof(tensor));
}
