using System.Globalization;

namespace Tclr.Data;

/// <summary>The usable videos of a data set with their numbers of frames, and the faulty videos with the reasons.</summary>
public sealed class VideoIndex
{
    private VideoIndex(VideoDataset dataset, IReadOnlyList<VideoItem> items, IReadOnlyList<VideoInfo> infos, IReadOnlyList<FaultyVideo> faulty, int cached, string? cacheProblem)
    {
        Dataset = dataset;
        Items = items;
        Infos = infos;
        Faulty = faulty;
        CachedVideos = cached;
        CacheProblem = cacheProblem;
    }

    /// <summary>The data set as it was scanned.</summary>
    public VideoDataset Dataset { get; }

    /// <summary>The usable videos, in the order of the data set.</summary>
    public IReadOnlyList<VideoItem> Items { get; }

    /// <summary>Frames, size and codec of each of <see cref="Items"/>.</summary>
    public IReadOnlyList<VideoInfo> Infos { get; }

    /// <summary>The faulty videos, in the order of the data set.</summary>
    public IReadOnlyList<FaultyVideo> Faulty { get; }

    /// <summary>The damaged or truncated videos of <see cref="Items"/>, of which only the first frames are used.</summary>
    public IReadOnlyList<(VideoItem Item, VideoInfo Info)> Incomplete => [.. Items.Zip(Infos).Where(video => video.Second.StopsEarly)];

    /// <summary>Number of videos that the scan took from the cache file instead of opening them.</summary>
    public int CachedVideos { get; }

    /// <summary>Why the cache file could not be used or written; <see langword="null"/> if it could, or if there is none.</summary>
    public string? CacheProblem { get; }

    /// <summary>Opens each video, counts its frames by decoding it, and finds the faulty videos.</summary>
    /// <param name="dataset">The videos.</param>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Reports after each video, and every second within long videos.</param>
    /// <param name="cancellationToken">Stops the scan.</param>
    /// <returns>The index.</returns>
    /// <exception cref="VideoDataException">No video is usable, or more are faulty than <see cref="VideoIndexOptions.MaximumFaultyShare"/> allows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The scan was stopped.</exception>
    /// <example><code>
    /// var sampler = ClipSamplers.Tclr(clipLength: 16);
    /// var index = await VideoIndex.ScanAsync(
    ///     VideoDatasets.Folder("videos"), new VideoIndexOptions { MinimumFrames = sampler.MinimumFrames, CachePath = "videos.index" });
    /// </code></example>
    public static async Task<VideoIndex> ScanAsync(
        VideoDataset dataset,
        VideoIndexOptions? options = null,
        IProgress<VideoScanProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new VideoIndexOptions();
        OptionChecker.ThrowIfInvalid(options.Check, nameof(options));

        var cache = options.CachePath is null ? null : IndexCache.Open(options.CachePath, CachedVideoReader.Undecorated(options.Reader).GetType().FullName!, options.SeeksWanted);
        var scanner = new VideoScanner(options, cache);
        int total = dataset.Items.Count;
        var infos = new VideoInfo?[total];
        var faults = new FaultyVideo?[total];
        var meter = new ScanMeter(total, progress);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Workers, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForAsync(0, total, parallel, (i, token) =>
            {
                (infos[i], faults[i]) = scanner.Scan(dataset.Items[i].Path, meter.Of(i), token);
                meter.Done(i, faults[i] is not null);
                return ValueTask.CompletedTask;
            });
        }
        finally
        {
            cache?.Save();
        }

        var usable = Enumerable.Range(0, total).Where(i => infos[i] is not null).ToList();
        var left = faults.OfType<FaultyVideo>().ToList();
        CheckBudget(dataset, options, usable.Count, left);
        return new VideoIndex(
            dataset,
            usable.ConvertAll(i => dataset.Items[i]),
            usable.ConvertAll(i => infos[i]!),
            left,
            scanner.Reused,
            cache?.Problem);
    }

    /// <summary>Describes the faulty and incomplete videos.</summary>
    /// <returns>A line with the counts, for example <c>98 usable videos; 2 faulty videos: 1 NotAVideo, 1 TooShort</c>, and a line for each of the first ten.</returns>
    public string Describe() => FaultReport.Describe(this);

    /// <summary>Selects the videos that satisfy a condition, such as a split.</summary>
    /// <param name="condition">Returns <see langword="true"/> for the videos to keep.</param>
    /// <returns>An index of these videos, in order; nothing is scanned again.</returns>
    public VideoIndex Where(Func<VideoItem, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var kept = Items.Index().Where(entry => condition(entry.Item)).ToList();
        return new VideoIndex(Dataset, kept.ConvertAll(entry => entry.Item), kept.ConvertAll(entry => Infos[entry.Index]), Faulty, CachedVideos, CacheProblem);
    }

    /// <summary>An index with an entry for each window, to read windows like videos.</summary>
    internal static VideoIndex Of(IReadOnlyList<VideoWindow> windows)
    {
        List<VideoItem> videos = [.. windows.Select(window => window.Video)];
        var classes = videos.DistinctBy(video => video.ClassIndex).ToDictionary(video => video.ClassIndex, video => video.Label);
        List<string> names = [.. Enumerable.Range(0, classes.Keys.Max() + 1).Select(label => classes.GetValueOrDefault(label, string.Empty))];
        return new VideoIndex(new VideoDataset("windows", videos, names), videos, [.. windows.Select(window => window.Info)], [], cached: 0, cacheProblem: null);
    }

    private static void CheckBudget(VideoDataset dataset, VideoIndexOptions options, int usable, List<FaultyVideo> faulty)
    {
        if (usable == 0)
        {
            string why = faulty.Count == 0 ? " It is empty." : FaultReport.List(faulty);
            throw new VideoDataException($"'{dataset.Name}' has no usable video among {dataset.Items.Count}: expected one or more.{why}");
        }

        int tolerated = FaultReport.Tolerated(options.MaximumFaultyShare, dataset.Items.Count);
        if (faulty.Count > tolerated)
        {
            throw new VideoDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{faulty.Count} of the {dataset.Items.Count} videos of '{dataset.Name}' are faulty: expected {tolerated} at most (MaximumFaultyShare {options.MaximumFaultyShare}). Replace or remove them, or raise MaximumFaultyShare.{FaultReport.List(faulty)}"));
        }
    }
}
