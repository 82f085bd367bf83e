namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Inverts bright levels.</summary>
    /// <param name="threshold">Levels at or above it are inverted, 0 to 255.</param>
    /// <param name="probability">The probability, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ClipAugmentation Solarize(int threshold, double probability)
    {
        OptionChecker.ThrowIfInvalid(check => check.Between(threshold, 0, 255), nameof(threshold));
        return WithPixels(probability, (_, _, ref random) => new Solarize(threshold));
    }
}

/// <summary>Replaces levels at or above the threshold by <c>255 - x</c>.</summary>
internal sealed class Solarize(int threshold) : LevelTable
{
    protected override byte Map(int level) => (byte)(level >= threshold ? 255 - level : level);
}
