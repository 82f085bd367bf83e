using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Rows of features in memory or in a file, a few at a time.</summary>
internal abstract class FeatureRows
{
    /// <summary>Number of rows.</summary>
    public abstract long Count { get; }

    /// <summary>Length of a row.</summary>
    public abstract long Dimension { get; }

    /// <summary>Rows in a type and on a device.</summary>
    public static FeatureRows Of(Tensor features) => new Memory(features);

    /// <summary>Rows of a file.</summary>
    public static FeatureRows Of(FeatureStore store) => new Stored(store);

    /// <summary>The raw rows <c>[count, D]</c>; the caller owns them.</summary>
    public abstract Tensor Read(long start, long count);

    /// <summary>Says whether all numbers are finite, and gives the mean <c>[1, D]</c> in double precision; the caller owns it.</summary>
    public (bool Finite, Tensor Mean) Inspect(long tile, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var sum = zeros([1, Dimension], ScalarType.Float64, Read(0, 1).device);
        bool finite = true;
        for (long start = 0; start < Count && finite; start += tile)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var tileScope = NewDisposeScope();

            // The sum of features with NaN or infinity is not finite; that of finite ones is, in double precision.
            sum.add_(Read(start, Math.Min(tile, Count - start)).sum(0, keepdim: true, ScalarType.Float64));
            finite = sum.isfinite().all().ToBoolean();
        }

        return (finite, (sum / Count).MoveToOuterDisposeScope());
    }

    /// <summary>Rows of unit length <c>[count, D]</c>, half precision raised to single; the caller owns them.</summary>
    public Tensor ReadUnit(long start, long count, Tensor? mean)
    {
        using var scope = NewDisposeScope();
        var rows = Read(start, count);
        if (rows.dtype is ScalarType.Float16 or ScalarType.BFloat16)
        {
            rows = rows.to(ScalarType.Float32);
        }

        if (mean is not null)
        {
            rows = rows - mean.to(rows.dtype);
        }

        return nn.functional.normalize(rows, 2, 1, 1e-12).MoveToOuterDisposeScope();
    }

    private sealed class Memory(Tensor features) : FeatureRows
    {
        public override long Count => features.shape[0];

        public override long Dimension => features.shape[1];

        public override Tensor Read(long start, long count) => features.narrow(0, start, count);
    }

    private sealed class Stored(FeatureStore store) : FeatureRows
    {
        public override long Count => store.Count;

        public override long Dimension => store.Dimension;

        public override Tensor Read(long start, long count) => store.Read((int)start, (int)count);
    }
}
