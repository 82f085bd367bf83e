using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>One argument of an operator. Implicit conversions let a call read like the operator's schema.</summary>
internal readonly struct Argument
{
    private Argument(ValueKind kind, long bits = 0, object? reference = null)
    {
        Kind = kind;
        Bits = bits;
        Reference = reference;
    }

    public static Argument None => default;

    public static Argument Default => new(ValueKind.SchemaDefault);

    public ValueKind Kind { get; }

    public long Bits { get; }

    /// <summary>The tensor or array behind the value, kept alive by the argument.</summary>
    public object? Reference { get; }

    public static implicit operator Argument(Tensor? value) => value is null ? None : new(ValueKind.Tensor, 0, value);

    public static implicit operator Argument(long value) => new(ValueKind.Integer, value);

    public static implicit operator Argument(double value) => new(ValueKind.Real, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    public static implicit operator Argument(Scalar? value) => value?.Value ?? None;

    public static implicit operator Argument(ScalarType value) => (long)value;

    public static implicit operator Argument(ScalarType? value) => value is { } type ? (long)type : None;

    public static implicit operator Argument(Device? value) => value is null ? None : new(ValueKind.Device, ((long)value.type << 32) | (uint)value.index);

    public static implicit operator Argument(long[]? value) => value is null ? None : new(ValueKind.Integers, 0, value);

    public static implicit operator Argument(double[] value) => new(ValueKind.Reals, 0, value);

    public static implicit operator Argument(Tensor[] value) => new(ValueKind.Tensors, 0, value);
}
