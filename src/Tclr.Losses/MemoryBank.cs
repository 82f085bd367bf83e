using Tclr.Core;
using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The keys of the last batches, as negatives for <see cref="Functional.MomentumContrast"/>.</summary>
/// <remarks>Source: He et al., "Momentum Contrast for Unsupervised Visual Representation Learning" (2020). Not for several threads at once.</remarks>
public sealed class MemoryBank : IDisposable
{
    /// <summary>Creates a bank full of random directions.</summary>
    /// <param name="capacity">Number of keys <c>K</c>, 1 or more; 2,048 to 65,536 in the literature.</param>
    /// <param name="dimension">Elements <c>D</c> of a key, 1 or more.</param>
    /// <param name="seed">Seed of the random directions; 0 by default.</param>
    /// <param name="device">Where the keys are; the CPU if <see langword="null"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public MemoryBank(int capacity, int dimension, ulong seed = 0, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        var random = CounterRandom.For(seed);
        float[] values = new float[checked(capacity * dimension)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        using var scope = NewDisposeScope();
        var raw = tensor(values, [capacity, dimension]).to(device ?? CPU);
        Rows = nn.functional.normalize(raw).DetachFromDisposeScope();
    }

    /// <summary>The keys <c>[K, D]</c>, fp32, without gradient; part of what a checkpoint must hold. The bank keeps owning them.</summary>
    public Tensor Rows { get; }

    /// <summary>The row that the next key replaces; part of what a checkpoint must hold.</summary>
    public int Position { get; private set; }

    /// <summary>Puts keys in place of the oldest ones.</summary>
    /// <param name="keys">The keys <c>[B, D]</c>, <c>B</c> at most <c>K</c>; copied.</param>
    /// <exception cref="ArgumentException">The keys are not floating-point <c>[B, D]</c> with the bank's <c>D</c> and <c>B</c> at most <c>K</c>.</exception>
    public void Enqueue(Tensor keys)
    {
        Check.Shape(keys, "[B,D]", nameof(Enqueue), nameof(keys));
        int capacity = (int)Rows.shape[0];
        if (keys.shape[1] != Rows.shape[1] || keys.shape[0] > capacity)
        {
            throw new ArgumentException($"{nameof(Enqueue)}: expected keys [B,{Rows.shape[1]}] with B at most {capacity}, got {Check.Text(keys)}", nameof(keys));
        }

        using var scope = NewDisposeScope();
        using var none = no_grad();
        int count = (int)keys.shape[0], untilEnd = Math.Min(count, capacity - Position);
        var values = keys.detach().to(Rows.dtype, Rows.device);
        Rows.narrow(0, Position, untilEnd).copy_(values.narrow(0, 0, untilEnd));
        if (untilEnd < count)
        {
            Rows.narrow(0, 0, count - untilEnd).copy_(values.narrow(0, untilEnd, count - untilEnd));
        }

        Position = (Position + count) % capacity;
    }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <param name="rows">The keys <c>[K, D]</c>; copied.</param>
    /// <param name="position">The row that the next key replaces, 0 to <c>K - 1</c>.</param>
    /// <exception cref="ArgumentException">The keys have another shape, or the position is out of range.</exception>
    public void Restore(Tensor rows, int position)
    {
        Check.Shape(rows, "[K,D]", nameof(Restore), nameof(rows));
        if (!rows.shape.AsSpan().SequenceEqual(Rows.shape))
        {
            throw new ArgumentException($"{nameof(Restore)}: expected keys {Check.Text(Rows)}, got {Check.Text(rows)}", nameof(rows));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, (int)Rows.shape[0]);
        using var none = no_grad();
        Rows.copy_(rows);
        Position = position;
    }

    /// <summary>Releases the keys.</summary>
    public void Dispose() => Rows.Dispose();
}
