using System.Runtime.InteropServices;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Evaluation;

/// <summary>Windows over long videos, one clip each: see <see cref="VideoClips.OfWindows"/>.</summary>
internal sealed class WindowClips : IVideoClips
{
    private readonly IReadOnlyList<VideoWindow> windows;
    private readonly IVideoReader reader;
    private readonly IClipAugmentation augmentation;
    private readonly ClipLoaderOptions? options;

    public WindowClips(IReadOnlyList<VideoWindow> windows, IVideoReader reader, IClipAugmentation augmentation, ClipLoaderOptions? options = null)
    {
        // Its constructor checks the arguments.
        var loader = new ClipLoader(windows, reader, augmentation, options);
        this.windows = windows;
        this.reader = reader;
        this.augmentation = augmentation;
        this.options = options;
        Samples = [.. windows.Select(window => window.Name)];
        Shape = [loader.Layout.Count, 3, windows[0].Frames.Count, augmentation.Height, augmentation.Width];
        int[] frames = [.. windows.SelectMany(window => window.Frames)];
        Settings = FormattableString.Invariant($"clips [{string.Join(',', Shape)}], windows {VideoClips.Hash(MemoryMarshal.AsBytes(frames.AsSpan()))}, augmentation {VideoClips.Fingerprint(augmentation)}");
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Samples { get; }

    /// <inheritdoc/>
    public IReadOnlyList<long> Shape { get; }

    /// <inheritdoc/>
    public ChannelOrder ChannelOrder => augmentation.ChannelOrder;

    /// <inheritdoc/>
    public string Settings { get; }

    /// <inheritdoc/>
    /// <exception cref="VideoDataException">A video does not decode. It is not replaced by another.</exception>
    public IAsyncEnumerable<ClipBatch> ReadAsync(IReadOnlyList<int> videos, int batchSize, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(videos);
        return new ClipLoader([.. videos.Select(window => windows[window])], reader, augmentation, options).ReadInOrderAsync(batchSize, cancellationToken);
    }
}
