using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>A queue of the keys of the latest batches, the negatives of <see cref="Functional.MomentumContrast"/>.</summary>
/// <remarks>Source: He et al., "Momentum Contrast for Unsupervised Visual Representation Learning" (2020). Not safe for use by several threads.</remarks>
public sealed class MemoryBank : IDisposable
{
    /// <summary>Creates a memory bank of random unit vectors.</summary>
    /// <param name="capacity">Number of keys <c>K</c>, 1 or more; 2,048 to 65,536 in the literature.</param>
    /// <param name="dimension">Elements <c>D</c> of a key, 1 or more.</param>
    /// <param name="seed">Seed of the random vectors. The default value is 0.</param>
    /// <param name="device">Device of the keys; <see langword="null"/> for the CPU.</param>
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

    /// <summary>The keys <c>[K, D]</c> in float32, without gradient; part of a checkpoint. The bank owns them.</summary>
    public Tensor Rows { get; }

    /// <summary>Index of the row that the next key replaces; part of a checkpoint.</summary>
    public int Position { get; private set; }

    /// <summary>Replaces the oldest keys.</summary>
    /// <param name="keys">The keys <c>[B, D]</c>, <c>B</c> at most <c>K</c>; copied.</param>
    /// <exception cref="ArgumentException">The keys are not floating-point <c>[B, D]</c> with the bank's <c>D</c> and <c>B</c> at most <c>K</c>.</exception>
    public void Enqueue(Tensor keys)
    {
        TensorCheck.Shape(keys, FormattableString.Invariant($"[B,{Rows.shape[1]}]"), nameof(Enqueue));
        int capacity = (int)Rows.shape[0];
        if (keys.shape[0] > capacity)
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(Enqueue)}: expected at most {capacity} keys, got {TensorCheck.Text(keys)}"), nameof(keys));
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

    /// <summary>Restores the keys from a checkpoint.</summary>
    /// <param name="rows">The keys <c>[K, D]</c>; copied.</param>
    /// <param name="position">The row that the next key replaces, 0 to <c>K - 1</c>.</param>
    /// <exception cref="ArgumentException">The keys have another shape, or the position is out of range.</exception>
    public void Restore(Tensor rows, int position)
    {
        TensorCheck.Shape(rows, TensorCheck.Text(Rows), nameof(Restore));
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, (int)Rows.shape[0]);
        using var none = no_grad();
        Rows.copy_(rows);
        Position = position;
    }

    /// <summary>Releases the keys.</summary>
    public void Dispose() => Rows.Dispose();
}
