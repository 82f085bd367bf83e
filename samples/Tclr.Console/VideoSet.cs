using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;

namespace Tclr.Cli;

/// <summary>A way of judging: the label that it gives each video of the gallery and each query.</summary>
internal sealed record Judgment(string Name, int[] Gallery, int[] Queries);

/// <summary>Videos to train on and to judge with: neighbors of the queries are searched in the gallery, and a classifier is trained on the gallery and tested on the queries.</summary>
internal sealed record VideoSet(VideoIndex Train, VideoIndex Gallery, VideoIndex Queries, IReadOnlyList<string> Classes, IReadOnlyList<Judgment> Judgments, string Description)
{
    /// <summary>Clips that demo and ablation judge a video by.</summary>
    private const int ClipsPerVideo = 4;

    /// <summary>Whether each query is the second half of the gallery's video of the same place.</summary>
    public bool Halves { get; init; }

    /// <summary>The stride of the clips that demo and ablation judge a video by.</summary>
    public ClipStride Stride { get; init; } = 1;

    /// <summary>The clips that demo and ablation judge a video by.</summary>
    public IClipSampler Clips(int length, bool query) => Halves ? new HalfSampler(ClipSamplers.Uniform(ClipsPerVideo, length, Stride), length, query) : ClipSamplers.Uniform(ClipsPerVideo, length, Stride);

    /// <summary>Makes the embedded set. The videos depend on the seed alone, so making them again changes nothing.</summary>
    public static async Task<VideoSet> EmbeddedAsync(string folder, ulong seed, int trainVideos, int testVideos, int minimumFrames, ProgressDisplay display, CancellationToken cancellationToken)
    {
        SyntheticSet.Clear(folder);
        var (gallery, queries) = (await MakeAsync("train", trainVideos, 2 * seed), await MakeAsync("test", testVideos, (2 * seed) + 1));
        return Of(
            gallery, gallery, queries, "share of test videos with a training video of the same class among their k nearest",
            ("scene", item => SyntheticSet.SceneOf(item.Label)), ("program", item => SyntheticSet.ProgramOf(item.Label)));

        async Task<VideoIndex> MakeAsync(string part, int count, ulong partSeed)
        {
            string path = Path.Combine(folder, part);
            var bar = display.Add($"Making {part} videos", count);
            await Task.Run(() => SyntheticSet.Write(path, count, partSeed, bar.Report, cancellationToken), cancellationToken);
            return await ScanAsync(VideoDatasets.Folder(path), new VideoIndexOptions { MinimumFrames = minimumFrames }, display, cancellationToken);
        }
    }

    /// <summary>A user's folder: videos of a class find each other, or, where each class has one video, its halves do. All are trained on, since training sees no labels.</summary>
    public static VideoSet OfFolder(VideoIndex index)
    {
        if (index.Items.GroupBy(item => item.ClassIndex).Any(group => group.Count() < 2))
        {
            return Of(index, index, index, "share of videos whose first half is among the k nearest of their second half") with { Halves = true };
        }

        var queries = EverySecond(index.Items);
        return Of(
            index, index.Where(item => !queries.Contains(item)), index.Where(queries.Contains), "share of videos with another video of their class among their k nearest");
    }

    /// <summary>A user's folder, where some videos are held out from training and are the queries.</summary>
    public static VideoSet HoldOut(VideoIndex index, Func<VideoItem, bool> isHeldOut)
    {
        var others = index.Where(item => !isHeldOut(item));
        return Of(others, others, index.Where(isHeldOut), "share of held-out videos with a training video of the same class among their k nearest");
    }

    /// <summary>Training and test videos whose classes have the same numbers.</summary>
    public static VideoSet Classified(VideoIndex training, VideoIndex test)
    {
        // Once more after the scan: a class may have lost its only video to a fault.
        var classes = ClassifiedVideos.ClassesOf(training.Items.Select(item => item.Label), test.Items.Select(item => item.Label));
        var places = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return Of(training, training, test, string.Empty) with { Classes = classes, Judgments = [Judge("class", training, test, item => places[item.Label])] };
    }

    /// <summary>Every second video of each class.</summary>
    public static HashSet<VideoItem> EverySecond(IEnumerable<VideoItem> items)
        => [.. items.GroupBy(item => item.ClassIndex).SelectMany(group => group.Where((_, place) => place % 2 == 1))];

    /// <summary>Opens videos, with a bar, and names those that cannot be used or stop early.</summary>
    public static async Task<VideoIndex> ScanAsync(VideoDataset dataset, VideoIndexOptions options, ProgressDisplay display, CancellationToken cancellationToken)
    {
        var bar = display.Add("Looking through the videos", dataset.Items.Count);
        var progress = new Callback<VideoScanProgress>(scan => bar.Report(scan.Done + scan.UnderWay, scan.Faulty > 0 ? $"({scan.Faulty} faulty)" : string.Empty));
        var index = await VideoIndex.ScanAsync(dataset, options, progress, cancellationToken);
        foreach (var faulty in index.Faulty)
        {
            Terminal.Warn($"Left out {faulty.Path}: {faulty.Reason}");
        }

        foreach (var (item, info) in index.Incomplete)
        {
            Terminal.Warn($"Stops early {item.Path}: {info.Frames} frames can be read{(info.AnnouncedFrames > info.Frames ? $" of {info.AnnouncedFrames}" : string.Empty)}");
        }

        return index;
    }

    private static VideoSet Of(VideoIndex train, VideoIndex gallery, VideoIndex queries, string description, params (string Name, Func<VideoItem, int> Label)[] more)
        => new(train, gallery, queries, gallery.Dataset.Classes, [Judge("class", gallery, queries, item => item.ClassIndex), .. more.Select(judgment => Judge(judgment.Name, gallery, queries, judgment.Label))], description);

    private static Judgment Judge(string name, VideoIndex gallery, VideoIndex queries, Func<VideoItem, int> label)
        => new(name, [.. gallery.Items.Select(label)], [.. queries.Items.Select(label)]);

    /// <summary>Evenly spaced clips of the first or the second half of a video.</summary>
    private sealed class HalfSampler(IClipSampler whole, int clipLength, bool second) : IClipSampler
    {
        public ViewLayout Layout => whole.Layout;

        public int ClipLength => clipLength;

        public int MinimumFrames => clipLength;

        public ClipPlan Plan(VideoInfo video, ref CounterRandom random)
        {
            // The halves of a very short video overlap.
            int half = Math.Max(video.Frames / 2, clipLength);
            int offset = second ? video.Frames - half : 0;
            var plan = whole.Plan(video with { Frames = half }, ref random);
            return new ClipPlan([.. plan.Views.Select(view => Array.ConvertAll(view, frame => frame + offset))]);
        }
    }
}
