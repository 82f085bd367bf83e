using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A batch of clips in view-major order: all samples of view 0, then all of view 1, and so on.</summary>
public sealed class ClipBatch : IDisposable
{
    private readonly Func<Device, Tensor>? make;
    private readonly IDisposable? frames;
    private Tensor? clips;

    /// <summary>Creates a batch from clips.</summary>
    /// <param name="clips">Float clips <c>[V, B, 3, T, H, W]</c>; the batch takes ownership, even if the constructor throws.</param>
    /// <param name="layout">How the <c>V</c> views are arranged.</param>
    /// <param name="samples">Names of the <c>B</c> samples (paths), for messages.</param>
    /// <exception cref="ArgumentException">The clips have another shape.</exception>
    public ClipBatch(Tensor clips, ViewLayout layout, IReadOnlyList<string> samples)
        : this(layout, samples)
    {
        ArgumentNullException.ThrowIfNull(clips);
        this.clips = clips;
        long[] shape = clips.shape;
        if (shape.Length != 6 || shape[0] != layout.Count || shape[1] != samples.Count)
        {
            clips.Dispose();
            throw new ArgumentException($"expected clips [{layout.Count}, {samples.Count}, C, T, H, W], view by view, for {layout.Count} views of {samples.Count} samples; got [{string.Join(", ", shape)}]", nameof(clips));
        }
    }

    /// <summary>Creates a batch whose clips are made on the device that <see cref="To"/> names.</summary>
    /// <param name="make">Makes clips <c>[V, B, 3, T, H, W]</c> on a device; the caller owns them.</param>
    /// <param name="frames">The source of the clips; disposed with the batch.</param>
    /// <param name="layout">How the <c>V</c> views are arranged.</param>
    /// <param name="samples">Names of the <c>B</c> samples (paths), for messages.</param>
    public ClipBatch(Func<Device, Tensor> make, IDisposable frames, ViewLayout layout, IReadOnlyList<string> samples)
        : this(layout, samples)
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(frames);
        (this.make, this.frames) = (make, frames);
    }

    private ClipBatch(ViewLayout layout, IReadOnlyList<string> samples)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(samples);
        (Layout, Samples) = (layout, samples);
    }

    /// <summary>The clips <c>[V, B, 3, T, H, W]</c>. The batch owns them.</summary>
    /// <remarks>Clips that do not exist yet are made on the CPU; <see cref="To"/> makes them on another device.</remarks>
    public Tensor Clips => clips ??= make!(CPU).DetachFromDisposeScope();

    /// <summary>The clips, which are made on a device if they do not exist yet.</summary>
    internal Tensor ReadyOrOn(Device device) => clips?.alias() ?? make!(device);

    /// <summary>Begins to move the clips to a device, or to make them there, for a later <see cref="To"/>.</summary>
    /// <param name="device">The device.</param>
    /// <param name="keepReady">Whether ready clips stay where they are.</param>
    internal void MoveTo(Device device, bool keepReady)
    {
        if (keepReady && clips is not null)
        {
            return;
        }

        var moved = To(device).DetachFromDisposeScope();
        clips?.Dispose();
        clips = moved;
    }

    /// <summary>How the views are arranged.</summary>
    public ViewLayout Layout { get; }

    /// <summary>Channel order of the clips.</summary>
    /// <value>The default value is <see cref="ChannelOrder.Rgb"/>.</value>
    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>Names of the samples, in the order of the batch.</summary>
    public IReadOnlyList<string> Samples { get; }

    /// <summary>Moves the clips to a device, or makes them there.</summary>
    /// <remarks>From page-locked memory the copy runs in the background.</remarks>
    /// <param name="device">The device.</param>
    /// <returns>The clips <c>[V, B, 3, T, H, W]</c>; the caller owns them and must not use them after the batch is disposed.</returns>
    public Tensor To(Device device) => clips is null ? make!(device) : HostTransfer.ToDevice(clips, device);

    /// <summary>Releases the clips.</summary>
    public void Dispose()
    {
        clips?.Dispose();
        frames?.Dispose();
    }
}
