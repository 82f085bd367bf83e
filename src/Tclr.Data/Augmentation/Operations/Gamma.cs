using static TorchSharp.torch;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Applies a gamma curve with a random exponent.</summary>
    /// <param name="low">Smallest exponent, 0.01 or more.</param>
    /// <param name="high">Largest exponent, 100 at most.</param>
    /// <param name="probability">The probability, 0 to 1. The default value is 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ClipAugmentation Gamma(double low, double high, double probability = 1)
    {
        CheckRange(low, high, 0.01, 100, "exponents");
        return WithPixels(probability, (_, _, ref random) => new AdjustGamma(random.Uniform(low, high)));
    }
}

/// <summary><c>trunc(255.999 (x / 255)^g)</c>.</summary>
internal sealed class AdjustGamma(double exponent) : LevelTable
{
    public double Exponent => exponent;

    protected override byte Map(int level) => (byte)(255.999 * Math.Pow(level / 255.0, exponent));
}

/// <summary>A change of each level by itself, as a table of 256 entries.</summary>
internal abstract class LevelTable : PixelChange
{
    private byte[]? table;

    private byte[] Table => table ??= [.. Enumerable.Range(0, LevelMap.Levels.Length).Select(Map)];

    public override void Apply(PixelFrame frame) => LevelMap.Apply(Table, frame.All);

    public override Tensor ApplyToTensor(Tensor levels, IReadOnlyList<PixelChange> changes)
    {
        var tables = HostTransfer.Upload(tensor(changes.SelectMany(change => ((LevelTable)change).Table.Select(level => (float)level)).ToArray()), levels.device);
        var offsets = (arange(changes.Count, ScalarType.Int64, levels.device) * 256L).view(changes.Count, 1, 1, 1, 1);
        return tables.index_select(0, (levels.to(ScalarType.Int64) + offsets).flatten()).reshape(levels.shape);
    }

    protected abstract byte Map(int level);
}
