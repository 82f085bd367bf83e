using System.Runtime.InteropServices;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Evaluation;

/// <summary>Windows that slide over long videos, one clip each, for features with times.</summary>
/// <remarks>Feature <c>i</c> is that of window <c>i</c>, which has its start and end in the video. The augmentation must not be random.</remarks>
/// <example><code>
/// var windows = VideoWindow.Slide(index, new SlidingWindowOptions { ClipLength = 16, Stride = 2, HopSeconds = 1 });
/// using var features = await extractor.ExtractAsync(new WindowClips(windows, reader, Augmentations.Evaluation(112)));
/// log.WriteLine($"{windows[0].Video.Path} at {windows[0].Start}: {features.Values[0]}");
/// </code></example>
public sealed class WindowClips : IVideoClips
{
    private readonly IVideoReader reader;
    private readonly IClipAugmentation augmentation;
    private readonly ClipLoaderOptions? options;

    /// <summary>Creates the clips.</summary>
    /// <param name="windows">The windows, one or more, all of one clip length.</param>
    /// <param name="reader">The reader of the videos.</param>
    /// <param name="augmentation">The preprocessing.</param>
    /// <param name="options">Options of loading; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">There are no windows, their lengths differ, or the augmentation is random or has no size.</exception>
    public WindowClips(IReadOnlyList<VideoWindow> windows, IVideoReader reader, IClipAugmentation augmentation, ClipLoaderOptions? options = null)
    {
        // Checks all of them.
        var loader = new ClipLoader(windows, reader, augmentation, options);
        Windows = windows;
        this.reader = reader;
        this.augmentation = augmentation;
        this.options = options;
        Samples = [.. windows.Select(window => window.Name)];
        Shape = [loader.Layout.Count, 3, windows[0].Frames.Count, augmentation.Height, augmentation.Width];
        int[] frames = [.. windows.SelectMany(window => window.Frames)];
        Settings = FormattableString.Invariant($"clips [{string.Join(',', Shape)}], windows {VideoClips.Hash(MemoryMarshal.AsBytes(frames.AsSpan()))}, augmentation {VideoClips.Fingerprint(augmentation)}");
    }

    /// <summary>The windows, in the order of the features.</summary>
    public IReadOnlyList<VideoWindow> Windows { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Samples { get; }

    /// <inheritdoc/>
    public IReadOnlyList<long> Shape { get; }

    /// <inheritdoc/>
    public ChannelOrder ChannelOrder => augmentation.ChannelOrder;

    /// <inheritdoc/>
    public string Settings { get; }

    /// <inheritdoc/>
    /// <exception cref="VideoDataException">A video does not decode; none takes its place here.</exception>
    public IAsyncEnumerable<ClipBatch> ReadAsync(IReadOnlyList<int> videos, int batchSize, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(videos);
        return new ClipLoader([.. videos.Select(window => Windows[window])], reader, augmentation, options).ReadInOrderAsync(batchSize, cancellationToken);
    }
}
