using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>Loads batches of clips from videos in the background.</summary>
/// <remarks>
/// <para>
/// The content of a sample depends on seed, epoch and index only, not on the number of workers or their timing,
/// and reading can start at any step. Each needed frame of a sample is decoded once for all views.
/// </para>
/// <para>
/// A video that does not decode is replaced by one that the epoch's order has after the batch, at a distance that is a multiple of the batch
/// size, with the random numbers of its own place: a function of seed, epoch and place, in one process or several. <see cref="Faults"/> lists the failed videos; more than
/// <see cref="ClipLoaderOptions.MaximumFaultyShare"/> are an error. They are not tried again; see
/// <see cref="ClipLoaderOptions.QuarantinePath"/>.
/// </para>
/// </remarks>
/// <example><code>
/// var loader = new ClipLoader(index, new OpenCvVideoReader(), ClipSamplers.Tclr(8), Augmentations.Demo(32));
/// await foreach (var batch in loader.ReadAsync(new EpochRequest(Seed: 7, Epoch: 0, BatchSize: 16), cancellationToken))
/// {
///     using (batch)
///     {
///         // batch.Clips [10, 16, 3, 8, 32, 32]
///     }
/// }
/// </code></example>
public sealed class ClipLoader : IClipSource
{
    private readonly VideoIndex index;
    private readonly ClipLoaderOptions options;
    private readonly ClipMaker maker;
    private readonly long[] sampleShape;
    private readonly (IVideoReader Reader, IClipPlans Plans, IClipAugmentation Augmentation) parts;
    private readonly int tolerated;
    private readonly bool pinned;
    private Quarantine quarantine;
    private readonly LoaderMeter meter = new();
    private readonly Lock gate = new();
    private readonly List<FaultyVideo> faults = [];

    /// <summary>Creates a loader.</summary>
    /// <param name="index">The videos.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="sampler">The clip sampler.</param>
    /// <param name="augmentation">The augmentation.</param>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">The augmentation has no size, or several crops while the sampler has local clips.</exception>
    /// <exception cref="VideoDataException">Videos of the index are shorter than the sampler needs or lack the frame rate that it needs, or the quarantine list cannot be read.</exception>
    public ClipLoader(VideoIndex index, IVideoReader reader, IClipSampler sampler, IClipAugmentation augmentation, ClipLoaderOptions? options = null)
        : this(index, reader, new SampledPlans(index, sampler), augmentation, options)
    {
    }

    /// <summary>Creates a loader of windows: each is a sample of one view.</summary>
    /// <remarks>Each window is decoded separately. In a video without exact seeks (<see cref="VideoInfo.ExactSeeks"/>) decoding starts at the first frame, which is slow for long videos.</remarks>
    /// <param name="windows">The windows, one or more, all of one clip length: <see cref="VideoWindow.Slide"/>.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="augmentation">The augmentation.</param>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">There are no windows, their lengths differ, or the augmentation has no size.</exception>
    /// <exception cref="VideoDataException">The quarantine list cannot be read.</exception>
    public ClipLoader(IReadOnlyList<VideoWindow> windows, IVideoReader reader, IClipAugmentation augmentation, ClipLoaderOptions? options = null)
        : this(new WindowPlans(windows), reader, augmentation, options)
    {
    }

    private ClipLoader(WindowPlans plans, IVideoReader reader, IClipAugmentation augmentation, ClipLoaderOptions? options)
        : this(VideoIndex.Of(plans.Windows), reader, plans, augmentation, options)
    {
    }

    private ClipLoader(VideoIndex index, IVideoReader reader, IClipPlans plans, IClipAugmentation augmentation, ClipLoaderOptions? options)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(augmentation);
        this.options = options ?? new ClipLoaderOptions();
        OptionChecker.ThrowIfInvalid(this.options.Check, nameof(options));
        if (augmentation.Height < 1 || augmentation.Width < 1)
        {
            throw new ArgumentException("expected an augmentation with a size: add Resize", nameof(augmentation));
        }

        if (augmentation.Crops > 1 && plans.Layout.LocalClips > 0)
        {
            throw new ArgumentException($"an augmentation with {augmentation.Crops} crops needs a sampler without local clips, such as those for evaluation, got one with {plans.Layout.LocalClips}", nameof(augmentation));
        }

        Layout = augmentation.Crops > 1 ? new ViewLayout(plans.Layout.GlobalViews * augmentation.Crops, 0) : plans.Layout;
        if (this.options.AugmentOnDevice && Enumerable.Range(0, Layout.Count).Select(augmentation.ForView).FirstOrDefault(view => view is not ClipAugmentation) is { } other)
        {
            throw new ArgumentException($"AugmentOnDevice: expected a ClipAugmentation or Augmentations.PerView, got {other.GetType().Name}, which works on the CPU only: leave AugmentOnDevice off", nameof(augmentation));
        }

        plans.Check();
        this.index = index;
        parts = (reader, plans, augmentation);
        ChannelOrder = augmentation.ChannelOrder;
        maker = new ClipMaker(index, reader, plans, augmentation, meter);
        sampleShape = [Layout.Count, 3, plans.ClipLength, augmentation.Height, augmentation.Width];
        tolerated = FaultReport.Tolerated(this.options.MaximumFaultyShare, index.Items.Count);
        pinned = this.options.PinMemory ?? TorchSharp.torch.cuda.is_available();
        quarantine = new Quarantine(this.options.QuarantinePath);
    }

    /// <inheritdoc/>
    public int SampleCount => index.Items.Count;

    /// <inheritdoc/>
    public ViewLayout Layout { get; }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, object?>> Settings =>
    [
        new("Videos", Fingerprint(index)),
        new("Sampler", parts.Plans.Settings),
        new("Augmentation", parts.Augmentation),
        new("AugmentOnDevice", options.AugmentOnDevice),

        // Threads and time limit do not change the frames.
        new("Reader", CachedVideoReader.Undecorated(parts.Reader) switch { OpenCvVideoReader own => own.Settings, var other => other }),
    ];

    /// <inheritdoc/>
    public ChannelOrder ChannelOrder { get; }

    /// <summary>The videos that failed to decode so far.</summary>
    public IReadOnlyCollection<FaultyVideo> Faults
    {
        get
        {
            lock (gate)
            {
                return [.. faults];
            }
        }
    }

    /// <summary>Counts and times so far.</summary>
    public LoaderStatistics Statistics
    {
        get
        {
            lock (gate)
            {
                return meter.Read(faults.Count, quarantine.Count);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="VideoDataException">There are fewer videos than a batch has samples, or too many do not decode.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the request is out of its range, or a batch would be larger than the memory.</exception>
    /// <exception cref="OperationCanceledException">Reading was stopped.</exception>
    public IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Parts, 1, nameof(request));
        ArgumentOutOfRangeException.ThrowIfNegative(request.Part, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(request.Part, request.Parts, nameof(request));
        ArgumentOutOfRangeException.ThrowIfLessThan(request.BatchSize, 1, nameof(request));
        CheckBatchSize((request.BatchSize + request.Parts - 1) / request.Parts);
        ArgumentOutOfRangeException.ThrowIfNegative(request.Epoch, nameof(request));
        if (request.BatchSize > SampleCount)
        {
            throw new VideoDataException(
                $"'{index.Dataset.Name}' has {SampleCount} usable videos, and a batch has {request.BatchSize}: expected as many videos as a batch or more. Choose a smaller batch or add videos.");
        }

        int steps = (SampleCount + (request.KeepLast ? request.BatchSize - 1 : 0)) / request.BatchSize;
        ArgumentOutOfRangeException.ThrowIfNegative(request.FirstStep, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.FirstStep, steps, nameof(request));
        ArgumentOutOfRangeException.ThrowIfLessThan(request.BatchCount ?? 1, 1, nameof(request));
        steps = Math.Min(steps, request.FirstStep + (request.BatchCount ?? steps));
        int last = request.KeepLast ? SampleCount % request.BatchSize : 0;
        if (request.BatchSize % request.Parts != 0 || last % request.Parts != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(request), request.Parts, FormattableString.Invariant($"expected a number of parts that divides the {request.BatchSize} samples of a batch{(last > 0 ? FormattableString.Invariant($" and the {last} of the last one") : string.Empty)}"));
        }

        // Several processes cannot append to one file.
        quarantine = request.Parts > 1 ? quarantine.OfPart(request.Part) : quarantine;
        int[] order = [.. Enumerable.Range(0, SampleCount)];
        var random = CounterRandom.For(request.Seed, (ulong)request.Epoch, StreamTag.Order);
        random.Shuffle(order.AsSpan());
        return RunAsync(new ReadJob(order, request.Seed, request.Epoch, request.BatchSize, request.FirstStep, steps, Substitute: true) { Part = request.Part, Parts = request.Parts }, cancellationToken);
    }

    /// <summary>Reads every video once, in the order of the index, with the random streams of seed 0 and epoch 0: for evaluation.</summary>
    /// <param name="batchSize">Samples in a batch, 1 or more; the last batch holds the rest.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The batches in order; the caller owns each. With <see cref="ClipSamplers.Uniform"/>, <c>[clips, B, 3, T, H, W]</c>; an augmentation with crops multiplies the clips.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is below 1, or a batch would be larger than the memory.</exception>
    /// <exception cref="VideoDataException">A video does not decode; none takes its place here.</exception>
    /// <exception cref="OperationCanceledException">Reading was stopped.</exception>
    public IAsyncEnumerable<ClipBatch> ReadInOrderAsync(int batchSize, CancellationToken cancellationToken = default)
    {
        CheckBatchSize(batchSize);
        int[] order = [.. Enumerable.Range(0, SampleCount)];
        int steps = (SampleCount + batchSize - 1) / batchSize;
        return RunAsync(new ReadJob(order, Seed: 0, Epoch: 0, batchSize, FirstStep: 0, steps, Substitute: false), cancellationToken);
    }

    private void CheckBatchSize(int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        CheckMemory(sampleShape, batchSize, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    /// <summary>Refuses a batch that does not fit into memory, for which the system would kill the process without a message.</summary>
    internal static void CheckMemory(IReadOnlyList<long> sampleShape, int batchSize, long memory)
    {
        long bytes = sampleShape.Aggregate((a, b) => a * b) * sizeof(float);
        if (bytes > memory / batchSize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(batchSize), batchSize, $"a sample [{string.Join(", ", sampleShape)}] takes {bytes} bytes, and this machine has {memory}: expected a batch of {memory / bytes} samples at most. Choose a smaller batch, or gradient accumulation.");
        }
    }

    private async IAsyncEnumerable<ClipBatch> RunAsync(ReadJob job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var steps = Enumerable.Range(job.FirstStep, job.Steps - job.FirstStep);
        PendingBatch Create(int step) => new(
            maker, index, quarantine, job, step, tolerated,
            options.AugmentOnDevice ? new DrawnClips(job.SamplesOf(step), pinned) : new ReadyClips(job.SamplesOf(step), sampleShape, pinned));
        try
        {
            await foreach (var pending in BatchQueue.RunAsync(steps, Create, options, meter, cancellationToken))
            {
                using (pending)
                {
                    Record(pending.Faults);
                    meter.Batch(pending.Substitutes);
                    yield return pending.Take(Layout, ChannelOrder);
                }
            }
        }
        finally
        {
            Summarize();
        }
    }

    private void Summarize()
    {
        options.Logger.Loaded(Statistics);
        if (Faults is { Count: > 0 } left)
        {
            options.Logger.Report(FaultReport.Describe(left));
        }
    }

    // Checked here, and not when a video fails, so that the error comes at the same batch whatever the workers prepared.
    private void Record(IReadOnlyList<FaultyVideo> found)
    {
        lock (gate)
        {
            foreach (var video in found)
            {
                if (!faults.Exists(known => string.Equals(known.Path, video.Path, StringComparison.Ordinal)))
                {
                    faults.Add(video);
                    options.Logger.Faulty(video.Path, video.Fault, video.Reason);
                }
            }

            if (faults.Count > tolerated)
            {
                throw new VideoDataException(FormattableString.Invariant(
                    $"{faults.Count} of the {SampleCount} videos of '{index.Dataset.Name}' did not decode: expected {tolerated} at most (MaximumFaultyShare {options.MaximumFaultyShare}). Replace or remove them and index the videos anew.{FaultReport.List(faults)}"));
            }
        }
    }

    // The number of videos, and a hash of their names relative to their common folder and of their numbers of frames.
    private static string Fingerprint(VideoIndex index)
    {
        string[] paths = [.. index.Items.Select(item => Path.GetFullPath(item.Path))];
        string folder = Path.GetDirectoryName(paths.FirstOrDefault()) ?? string.Empty;
        while (folder.Length > 0 && !paths.All(path => path.StartsWith(folder, StringComparison.Ordinal) && (Path.EndsInDirectorySeparator(folder) || path[folder.Length] is '/' or '\\')))
        {
            folder = Path.GetDirectoryName(folder) ?? string.Empty;
        }

        var lines = new StringBuilder();
        foreach (var (path, info) in paths.Zip(index.Infos))
        {
            lines.Append(path[folder.Length..].Replace('\\', '/').TrimStart('/')).Append('\t').Append(info.Frames.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        return FormattableString.Invariant($"{paths.Length} videos {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())).AsSpan(0, 6))}");
    }
}

internal static partial class LoaderLog
{
    [LoggerMessage(1, LogLevel.Warning, "'{Path}' is faulty ({Fault}): {Reason}")]
    public static partial void Faulty(this ILogger logger, string path, VideoFault fault, string reason);

    [LoggerMessage(2, LogLevel.Information, "Loaded {Statistics}")]
    public static partial void Loaded(this ILogger logger, LoaderStatistics statistics);

    [LoggerMessage(3, LogLevel.Warning, "{Report}")]
    public static partial void Report(this ILogger logger, string report);
}
