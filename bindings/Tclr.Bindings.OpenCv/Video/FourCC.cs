namespace OpenCvSharp;

/// <summary>The four characters that name a codec.</summary>
/// <param name="value">The characters as bytes, the first one lowest.</param>
public readonly struct FourCC(int value) : IEquatable<FourCC>
{
    private readonly int code = value;

    /// <summary>Takes a number for a codec.</summary>
    /// <param name="code">The characters as bytes.</param>
    public static implicit operator FourCC(int code) => new(code);

    /// <summary>Gives the number of a codec.</summary>
    /// <param name="fourcc">The codec.</param>
    public static implicit operator int(FourCC fourcc) => fourcc.code;

    /// <summary>Whether two codecs are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> if so.</returns>
    public static bool operator ==(FourCC left, FourCC right) => left.Equals(right);

    /// <summary>Whether two codecs differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns><see langword="true"/> if so.</returns>
    public static bool operator !=(FourCC left, FourCC right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(FourCC other) => code == other.code;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FourCC other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => code;
}
