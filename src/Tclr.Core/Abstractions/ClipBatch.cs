using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A batch of samples on its way to the encoder.</summary>
/// <param name="clips">Float clips <c>[B, V, 3, T, H, W]</c>; the batch takes ownership.</param>
/// <param name="layout">How the <c>V</c> views are arranged.</param>
/// <param name="samples">Names of the <c>B</c> samples (paths), for messages.</param>
public sealed class ClipBatch(Tensor clips, ViewLayout layout, IReadOnlyList<string> samples) : IDisposable
{
    /// <summary>The clips <c>[B, V, 3, T, H, W]</c>.</summary>
    public Tensor Clips { get; } = clips;

    /// <summary>How the views are arranged.</summary>
    public ViewLayout Layout { get; } = layout;

    /// <summary>Channel order of the clips.</summary>
    /// <value>The default value is <see cref="ChannelOrder.Rgb"/>.</value>
    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>Names of the samples, in the order of the batch.</summary>
    public IReadOnlyList<string> Samples { get; } = samples;

    /// <summary>Releases the clips.</summary>
    public void Dispose() => Clips.Dispose();
}
