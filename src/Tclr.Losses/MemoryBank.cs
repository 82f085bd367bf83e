using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>A queue of the keys of the latest batches, the negatives of <see cref="Functional.MomentumContrast"/>.</summary>
/// <remarks>Source: He et al., "Momentum Contrast for Unsupervised Visual Representation Learning" (2020). Not safe for use by several threads.</remarks>
public sealed class MemoryBank : IDisposable
{
    private readonly long[] shape;
    private readonly ulong seed;
    private Device device;
    private Tensor? rows;

    /// <summary>Creates a memory bank of random unit vectors.</summary>
    /// <param name="capacity">Number of keys <c>K</c>, 1 or more; 2,048 to 65,536 in the literature.</param>
    /// <param name="dimension">Elements <c>D</c> of a key, 1 or more.</param>
    /// <param name="seed">Seed of the random vectors. The default value is 0.</param>
    /// <param name="device">Device of the keys; <see langword="null"/> for the CPU.</param>
    /// <param name="segments">Number <c>S</c> of segments of a key, each a unit vector; <see langword="null"/> for keys that are vectors.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public MemoryBank(int capacity, int dimension, ulong seed = 0, Device? device = null, int? segments = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(segments ?? 1, 1, nameof(segments));
        shape = segments is { } count ? [capacity, count, dimension] : [capacity, dimension];
        this.seed = seed;
        this.device = device ?? CPU;
        Capacity = capacity;
    }

    /// <summary>Number of keys <c>K</c>.</summary>
    public int Capacity { get; }

    /// <summary>The keys <c>[K, D]</c>, or <c>[K, S, D]</c> with segments, in float32, without gradient; part of a checkpoint. The bank owns them.</summary>
    public Tensor Rows => rows ??= Draw();

    /// <summary>Index of the row that the next key replaces; part of a checkpoint.</summary>
    public int Position { get; private set; }

    /// <summary>Replaces the oldest keys. A key that is not finite leaves the one in its place.</summary>
    /// <param name="keys">The keys <c>[B, D]</c> or <c>[B, S, D]</c>, <c>B</c> at most <c>K</c>; copied.</param>
    /// <exception cref="ArgumentException">The keys are not floating-point, not of the shape of the bank's, or more than <c>K</c>.</exception>
    public void Enqueue(Tensor keys)
    {
        TensorCheck.Shape(keys, $"[B,{string.Join(',', Rows.shape[1..])}]", nameof(Enqueue));
        if (keys.shape[0] > Capacity)
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(Enqueue)}: expected at most {Capacity} keys, got {TensorCheck.Text(keys)}"), nameof(keys));
        }

        using var scope = NewDisposeScope();
        using var none = no_grad();
        int count = (int)keys.shape[0], untilEnd = Math.Min(count, Capacity - Position);
        var values = keys.detach().to(Rows.dtype, Rows.device);
        Replace(Position, values.narrow(0, 0, untilEnd));
        if (untilEnd < count)
        {
            Replace(0, values.narrow(0, untilEnd, count - untilEnd));
        }

        Position = (Position + count) % Capacity;
    }

    /// <summary>Moves the keys to a device.</summary>
    /// <param name="device">The device.</param>
    public void To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (rows is { } before && (before.device_type != device.type || before.device_index != device.index))
        {
            rows = before.to(device).DetachFromDisposeScope();
            before.Dispose();
        }

        this.device = device;
    }

    /// <summary>Restores the keys from a checkpoint.</summary>
    /// <param name="rows">The keys, of the shape of <see cref="Rows"/>; copied.</param>
    /// <param name="position">The row that the next key replaces, 0 to <c>K - 1</c>.</param>
    /// <exception cref="ArgumentException">The keys have another shape, or the position is out of range.</exception>
    public void Restore(Tensor rows, int position)
    {
        TensorCheck.Shape(rows, TensorCheck.Text(Rows), nameof(Restore));
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Capacity);
        using var none = no_grad();
        Rows.copy_(rows);
        Position = position;
    }

    /// <summary>Releases the keys.</summary>
    public void Dispose() => rows?.Dispose();

    // The choice is made on the device, which is not waited for. A step that is skipped because it is not finite must not spoil the later ones.
    private void Replace(long first, Tensor values)
    {
        var replaced = Rows.narrow(0, first, values.shape[0]);
        var finite = values.isfinite().flatten(1).all(1).view([values.shape[0], .. Enumerable.Repeat(1L, values.shape.Length - 1)]);
        replaced.copy_(where(finite, values, replaced));
    }

    // When they are first needed: a run that is refused has none.
    private Tensor Draw()
    {
        var random = CounterRandom.For(seed);
        float[] values = new float[shape.Aggregate((a, b) => checked(a * b))];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        using var scope = NewDisposeScope();
        return nn.functional.normalize(tensor(values, shape), 2, shape.Length - 1).to(device).DetachFromDisposeScope();
    }
}
