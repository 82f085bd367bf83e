namespace OpenCvSharp;

/// <summary>Type of a matrix element: a number format and a count of channels.</summary>
/// <param name="value">OpenCV's number: format in bits 0-2, channels less one in the bits above.</param>
public readonly struct MatType(int value) : IEquatable<MatType>
{
    /// <summary>One byte.</summary>
    public static readonly MatType CV_8UC1 = new(0);

    /// <summary>Three bytes, a colour pixel.</summary>
    public static readonly MatType CV_8UC3 = new(2 << 3);

    /// <summary>OpenCV's number.</summary>
    public int Value { get; } = value;

    /// <summary>Number format: 0 is a byte, 5 a float.</summary>
    public int Depth => Value & 7;

    /// <summary>Number of channels.</summary>
    public int Channels => (Value >> 3) + 1;

    /// <summary>Takes a number for a type.</summary>
    /// <param name="value">OpenCV's number.</param>
    public static implicit operator MatType(int value) => new(value);

    /// <summary>Whether two types are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> if so.</returns>
    public static bool operator ==(MatType left, MatType right) => left.Equals(right);

    /// <summary>Whether two types differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> if so.</returns>
    public static bool operator !=(MatType left, MatType right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(MatType other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MatType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value;

    /// <inheritdoc/>
    public override string ToString()
    {
        ReadOnlySpan<string> depths = ["CV_8U", "CV_8S", "CV_16U", "CV_16S", "CV_32S", "CV_32F", "CV_64F", "CV_16F"];
        return $"{depths[Depth]}C{Channels}";
    }
}
