using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Evaluation;

/// <summary>The clips of the videos of an index, for evaluation.</summary>
/// <remarks>Sampler and augmentation must be deterministic.</remarks>
/// <example><code>
/// var test = new VideoClips(index, reader, ClipSamplers.Uniform(clips: 10, clipLength: 16, stride: 2), Augmentations.Evaluation(112));
/// </code></example>
public sealed class VideoClips : IVideoClips
{
    private static readonly ulong[] Seeds = [1, 2, 3, 4, 5, 6, 7, 8];

    private readonly IVideoReader reader;
    private readonly IClipSampler sampler;
    private readonly IClipAugmentation augmentation;
    private readonly ClipLoaderOptions? options;

    /// <summary>Creates the clips.</summary>
    /// <param name="index">The videos.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="sampler">The clip sampler.</param>
    /// <param name="augmentation">The preprocessing.</param>
    /// <param name="options">Options of the loader; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The augmentation has no size, or sampler or augmentation is random.</exception>
    /// <exception cref="VideoDataException">Videos of the index are shorter than the sampler needs.</exception>
    public VideoClips(VideoIndex index, IVideoReader reader, IClipSampler sampler, IClipAugmentation augmentation, ClipLoaderOptions? options = null)
    {
        // Its constructor checks the arguments.
        var loader = new ClipLoader(index, reader, sampler, augmentation, options);
        Index = index;
        this.reader = reader;
        this.sampler = sampler;
        this.augmentation = augmentation;
        this.options = options;
        Samples = [.. index.Items.Select(item => item.Path)];
        Shape = [loader.Layout.Count, 3, sampler.ClipLength, augmentation.Height, augmentation.Width];
        Settings = FormattableString.Invariant($"clips [{string.Join(',', Shape)}], sampler {Fingerprint(sampler)}, augmentation {Fingerprint(augmentation)}");
    }

    /// <summary>The clips of windows that slide over long videos, one clip of each, for features with times.</summary>
    /// <remarks>Feature <c>i</c> is that of window <c>i</c>, whose start and end in the video are known. The augmentation must be deterministic.</remarks>
    /// <param name="windows">The windows, one or more, all of one clip length.</param>
    /// <param name="reader">The reader of the videos.</param>
    /// <param name="augmentation">The preprocessing.</param>
    /// <param name="options">Options of the loader; <see langword="null"/> for the defaults.</param>
    /// <returns>The clips.</returns>
    /// <exception cref="ArgumentException">There are no windows, their lengths differ, or the augmentation is random or has no size.</exception>
    /// <example><code>
    /// var windows = VideoWindow.Slide(index, clipLength: 16, stride: 2, hopSeconds: 1);
    /// using var features = await extractor.ExtractAsync(VideoClips.OfWindows(windows, reader, Augmentations.Evaluation(112)));
    /// log.WriteLine($"{windows[0].Video.Path} at {windows[0].Start}: {features.Values[0]}");
    /// </code></example>
    public static IVideoClips OfWindows(IReadOnlyList<VideoWindow> windows, IVideoReader reader, IClipAugmentation augmentation, ClipLoaderOptions? options = null)
        => new WindowClips(windows, reader, augmentation, options);

    /// <summary>The videos.</summary>
    public VideoIndex Index { get; }

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
        var chosen = new HashSet<VideoItem>(videos.Select(video => Index.Items[video]), ReferenceEqualityComparer.Instance);
        return new ClipLoader(Index.Where(chosen.Contains), reader, sampler, augmentation, options).ReadInOrderAsync(batchSize, cancellationToken);
    }

    // Identified by their output, because they do not describe themselves.
    private static string Fingerprint(IClipSampler sampler)
    {
        int[] frames = Frames(sampler, 0);
        return Seeds.All(seed => Frames(sampler, seed).AsSpan().SequenceEqual(frames))
            ? Hash(MemoryMarshal.AsBytes(frames.AsSpan()))
            : throw new ArgumentException("expected a deterministic sampler, such as ClipSamplers.Uniform", nameof(sampler));
    }

    internal static string Fingerprint(IClipAugmentation augmentation)
    {
        float[] pixels = Pixels(augmentation, 0);
        if (!Seeds.All(seed => Pixels(augmentation, seed).AsSpan().SequenceEqual(pixels)))
        {
            throw new ArgumentException("expected a deterministic augmentation, such as Augmentations.Evaluation", nameof(augmentation));
        }

        // Few pixels, rounded, because processors may differ in the last bits.
        return Hash([.. Enumerable.Range(0, 32).Select(i => (byte)(sbyte)Math.Clamp(Math.Round(pixels[i * (pixels.Length - 1) / 31] * 20), -128, 127))]);
    }

    internal static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes).AsSpan(0, 4));

    private static int[] Frames(IClipSampler sampler, ulong seed)
    {
        var random = CounterRandom.For(seed);
        var frames = new List<int>();
        foreach (int more in (ReadOnlySpan<int>)[0, 31, 100, 1000])
        {
            frames.AddRange(sampler.Plan(new VideoInfo(sampler.MinimumFrames + more, 320, 240, 25), ref random).Views.SelectMany(view => view));
        }

        return [.. frames];
    }

    private static float[] Pixels(IClipAugmentation augmentation, ulong seed)
    {
        using var window = new FrameWindow(1, 48, 64);
        var picture = window.FrameToFill(0);
        for (int i = 0; i < picture.Length; i++)
        {
            picture[i] = (byte)((i * 7) + (i / 192 * 5));
        }

        var random = CounterRandom.For(seed);
        float[] pixels = new float[3 * augmentation.Height * augmentation.Width];
        augmentation.Apply(window, [0], ref random, pixels);
        return pixels;
    }
}
