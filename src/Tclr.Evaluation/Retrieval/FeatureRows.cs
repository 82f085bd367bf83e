using System.Numerics;
using System.Runtime.InteropServices;
using Tclr.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Rows of features in memory or in a file, read in parts.</summary>
internal abstract class FeatureRows
{
    /// <summary>Number of rows.</summary>
    public abstract long Count { get; }

    /// <summary>Length of a row.</summary>
    public abstract long Dimension { get; }

    /// <summary>Whether reading makes no copy.</summary>
    protected virtual bool InMemory => false;

    /// <summary>Rows of a tensor.</summary>
    public static FeatureRows Of(Tensor features) => new Memory(features);

    /// <summary>Rows of a file.</summary>
    public static FeatureRows Of(FeatureStore store) => new Stored(store);

    /// <summary>The raw rows <c>[count, D]</c>; the caller owns them.</summary>
    public abstract Tensor Read(long start, long count);

    /// <summary>The mean row <c>[1, D]</c> in double precision; the caller owns it.</summary>
    public Tensor Mean(long tile, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var sum = zeros([1, Dimension], ScalarType.Float64, Read(0, 1).device);
        for (long start = 0; start < Count; start += tile)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var tileScope = NewDisposeScope();
            sum.add_(Read(start, Math.Min(tile, Count - start)).sum(0, keepdim: true, ScalarType.Float64));
        }

        return (sum / Count).MoveToOuterDisposeScope();
    }

    /// <summary>Rows minus the mean, with half precision converted to single; the caller owns them.</summary>
    public Tensor ReadCentered(long start, long count, Tensor? mean)
    {
        using var scope = NewDisposeScope();
        var rows = Read(start, count);
        if (rows.dtype is ScalarType.Float16 or ScalarType.BFloat16)
        {
            rows = rows.to(ScalarType.Float32);
        }

        return (mean is null ? rows : rows - mean.to(rows.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>The factors that scale each row to unit length.</summary>
    /// <exception cref="ArgumentException">A row has NaN or infinite values, or overflows.</exception>
    public T[] Scales<T>(Tensor? mean, long tile, string name, CancellationToken cancellationToken)
        where T : unmanaged, INumber<T>
    {
        var scales = new T[Count];
        tile = mean is null && InMemory ? Count : tile;
        for (long start = 0; start < Count; start += tile)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var held = TorchRuntime.HoldFinalizers();
            var lengths = ReadCentered(start, Math.Min(tile, Count - start), mean).norm(1);
            if (!lengths.isfinite().all().ToBoolean())
            {
                throw new ArgumentException($"Retrieval: expected finite {name}, got NaN, infinite or huge numbers: the encoder has diverged or its weights are damaged", name);
            }

            // As in torch's normalize, a zero row stays zero.
            MemoryMarshal.Cast<byte, T>(lengths.clamp(min: 1e-12).pow(-1).cpu().bytes).CopyTo(scales.AsSpan((int)start));
        }

        return scales;
    }

    private sealed class Memory(Tensor features) : FeatureRows
    {
        public override long Count => features.shape[0];

        public override long Dimension => features.shape[1];

        protected override bool InMemory => features.dtype is ScalarType.Float32 or ScalarType.Float64;

        public override Tensor Read(long start, long count) => features.narrow(0, start, count);
    }

    private sealed class Stored(FeatureStore store) : FeatureRows
    {
        public override long Count => store.Count;

        public override long Dimension => store.Dimension;

        public override Tensor Read(long start, long count) => store.Read((int)start, (int)count);
    }
}
