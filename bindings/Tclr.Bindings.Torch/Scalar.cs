using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>A number given to an operator.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(Argument value) => Value = value;

    internal Argument Value { get; }

    /// <summary>A number from a double.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Scalar(double value) => new(value);

    /// <summary>A number from a float.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Scalar(float value) => new((double)value);

    /// <summary>A number from a long.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Scalar(long value) => new(value);

    /// <summary>A number from an int.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Scalar(int value) => new((long)value);

    /// <summary>A truth value.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator Scalar(bool value) => new(value);

    /// <summary>Nothing is held natively.</summary>
    public void Dispose()
    {
    }
}
