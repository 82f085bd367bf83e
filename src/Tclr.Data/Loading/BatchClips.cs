using System.Runtime.InteropServices;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Data;

/// <summary>The clips of an incomplete batch; each worker writes its own samples.</summary>
internal interface IBatchClips : IDisposable
{
    /// <summary>Writes the views of a sample.</summary>
    /// <param name="slot">Position of the sample in the batch.</param>
    /// <param name="window">The decoded frames; valid during the call.</param>
    /// <param name="plan">The frames of each view.</param>
    /// <param name="augmentation">The augmentation.</param>
    /// <param name="streamOf">Opens the random stream of a view.</param>
    /// <param name="cancellationToken">Stops between two views.</param>
    void Write(int slot, FrameWindow window, ClipPlan plan, IClipAugmentation augmentation, Func<int, CounterRandom> streamOf, CancellationToken cancellationToken);

    /// <summary>Takes the batch; the caller owns it.</summary>
    ClipBatch Take(ViewLayout layout, ChannelOrder channels, IReadOnlyList<string> samples);
}

/// <summary>Clips that the workers augment, written straight into a tensor's memory, view by view.</summary>
internal sealed class ReadyClips : IBatchClips
{
    private readonly int samples;
    private readonly int clipLength;
    private readonly nint memory;
    private Tensor? clips;

    /// <summary>Creates a batch; called on the thread that enumerates the batches.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="sampleShape">Shape <c>[V, 3, T, H, W]</c> of a sample.</param>
    /// <param name="pinned">Whether the memory is page-locked.</param>
    public ReadyClips(int samples, long[] sampleShape, bool pinned)
    {
        this.samples = samples;
        clipLength = checked((int)sampleShape.Skip(1).Aggregate((a, b) => a * b));
        clips = NativeMemoryTensor.Create([sampleShape[0], samples, .. sampleShape.Skip(1)], ScalarType.Float32, pinned);
        memory = NativeMemoryTensor.AddressOf(clips);
    }

    public void Write(int slot, FrameWindow window, ClipPlan plan, IClipAugmentation augmentation, Func<int, CounterRandom> streamOf, CancellationToken cancellationToken)
    {
        for (int view = 0; view < plan.Views.Count * augmentation.Crops; view++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var random = streamOf(view);
            augmentation.ForView(view).Apply(window, plan.PositionsOf(view / augmentation.Crops), ref random, ClipAt(view, slot));
        }
    }

    public ClipBatch Take(ViewLayout layout, ChannelOrder channels, IReadOnlyList<string> samples)
    {
        var batch = new ClipBatch(clips!, layout, samples) { ChannelOrder = channels };
        clips = null;
        return batch;
    }

    public void Dispose() => clips?.Dispose();

    private unsafe Span<float> ClipAt(int view, int slot)
        => MemoryMarshal.CreateSpan(ref ((float*)memory)[((long)view * samples + slot) * clipLength], clipLength);
}

/// <summary>Frames and drawn parameters, from which the training device makes the clips.</summary>
internal sealed class DrawnClips(int samples, bool pinned) : IBatchClips
{
    private readonly Tensor?[] windows = new Tensor?[samples];
    private readonly DrawnClip[][] clips = new DrawnClip[samples][];
    private bool taken;

    public void Write(int slot, FrameWindow window, ClipPlan plan, IClipAugmentation augmentation, Func<int, CounterRandom> streamOf, CancellationToken cancellationToken)
    {
        clips[slot] = [.. Enumerable.Range(0, plan.Views.Count * augmentation.Crops).Select(view =>
        {
            var random = streamOf(view);
            return new DrawnClip(plan.PositionsOf(view / augmentation.Crops), ((ClipAugmentation)augmentation.ForView(view)).Draw(window.Height, window.Width, ref random));
        })];
        windows[slot]?.Dispose();
        var pixels = NativeMemoryTensor.Create([window.Count, window.Height, window.Width, 3], ScalarType.Byte, pinned);
        windows[slot] = pixels;
        var memory = NativeMemoryTensor.BytesOf(pixels);
        for (int t = 0; t < window.Count; t++)
        {
            var frame = window.Frame(t);
            frame.CopyTo(memory[(t * frame.Length)..]);
        }
    }

    public ClipBatch Take(ViewLayout layout, ChannelOrder channels, IReadOnlyList<string> samples)
    {
        taken = true;
        return new ClipBatch(device => TensorExecutor.Run(windows!, clips, device), new Frames(windows), layout, samples) { ChannelOrder = channels };
    }

    public void Dispose()
    {
        if (!taken)
        {
            new Frames(windows).Dispose();
        }
    }

    private sealed class Frames(Tensor?[] windows) : IDisposable
    {
        public void Dispose() => Array.ForEach(windows, window => window?.Dispose());
    }
}

/// <summary>Tensors that workers fill. Their memory is native and does not move.</summary>
internal static class NativeMemoryTensor
{
    /// <summary>Creates an uninitialized tensor, outside of any dispose scope of the thread.</summary>
    public static Tensor Create(long[] shape, ScalarType type, bool pinned)
    {
        var pageable = empty(shape, dtype: type).DetachFromDisposeScope();
        if (!pinned)
        {
            return pageable;
        }

        // The page-locked copy has the span of the view, of which only two elements are copied.
        using (pageable)
        using (var ends = pageable.as_strided([2], [pageable.numel() - 1]))
        using (var pinnedEnds = ends.pin_memory())
        {
            return pinnedEnds.as_strided(shape, pageable.stride()).DetachFromDisposeScope();
        }
    }

    /// <summary>Pointer to the values; a span is limited to 2 GB.</summary>
    public static unsafe nint AddressOf(Tensor tensor)
    {
        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1);
        fixed (byte* start = first.bytes)
        {
            return (nint)start;
        }
    }

    public static Span<byte> BytesOf(Tensor tensor) => tensor.bytes;
}
