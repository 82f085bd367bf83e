using Tclr.Data;

namespace Tclr.Samples.EmbeddedSet;

/// <summary>What is trained on and judged: a gallery, queries, and how both are shown and labeled.</summary>
/// <param name="Train">Videos to train on.</param>
/// <param name="Gallery">Where neighbors are looked for.</param>
/// <param name="GalleryClips">Which clips of a gallery video are shown.</param>
/// <param name="Queries">What neighbors are looked for of.</param>
/// <param name="QueryClips">Which clips of a query are shown.</param>
/// <param name="Judgments">Names of the judgments and the label that each gives a video.</param>
/// <param name="Description">What R@k means here.</param>
internal sealed record VideoSet(
    VideoIndex Train,
    VideoIndex Gallery,
    IClipSampler GalleryClips,
    VideoIndex Queries,
    IClipSampler QueryClips,
    IReadOnlyList<(string Name, Func<VideoItem, int> Label)> Judgments,
    string Description)
{
    public const int ClipLength = 8;
    public const int Timesteps = 4;
    private const int ClipsPerVideo = 4;

    /// <summary>The embedded set: queries are its test split.</summary>
    public static async Task<VideoSet> SyntheticAsync(string train, string test, IProgress<VideoScanProgress> progress, CancellationToken cancellationToken)
    {
        var gallery = await ScanAsync(VideoDatasets.Folder(train), progress, cancellationToken);
        var queries = await ScanAsync(VideoDatasets.Folder(test), progress, cancellationToken);
        var clips = ClipSamplers.Uniform(ClipsPerVideo, ClipLength);
        return new VideoSet(
            gallery, gallery, clips, queries, clips,
            [("class", item => item.ClassIndex), ("scene", item => SyntheticSet.SceneOf(item.Label)), ("program", item => SyntheticSet.ProgramOf(item.Label))],
            "share of test videos with a training video of the same class among their k nearest");
    }

    /// <summary>A user's folder: videos of a class find each other, or, where each class has one video, its halves do.</summary>
    public static async Task<VideoSet> FolderAsync(string folder, IProgress<VideoScanProgress> progress, CancellationToken cancellationToken)
    {
        var dataset = VideoDatasets.Folder(folder);
        var index = await ScanAsync(dataset, progress, cancellationToken);
        (string, Func<VideoItem, int>)[] judgments = [("class", item => item.ClassIndex)];
        if (index.Items.GroupBy(item => item.ClassIndex).All(group => group.Count() > 1))
        {
            // Every second video of each class is a query; all are trained on, since training sees no labels.
            var place = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var group in index.Items.GroupBy(item => item.ClassIndex))
            {
                foreach (var (i, item) in group.Index())
                {
                    place[item.Path] = i;
                }
            }

            var clips = ClipSamplers.Uniform(ClipsPerVideo, ClipLength);
            return new VideoSet(
                index, Part(0), clips, Part(1), clips, judgments,
                "share of videos with another video of their class among their k nearest");

            VideoIndex Part(int odd) => index.Where(item => place[item.Path] % 2 == odd);
        }

        return new VideoSet(
            index, index, new HalfSampler(ClipsPerVideo, ClipLength, second: false), index, new HalfSampler(ClipsPerVideo, ClipLength, second: true), judgments,
            "share of videos whose first half is among the k nearest of their second half");
    }

    private static Task<VideoIndex> ScanAsync(VideoDataset dataset, IProgress<VideoScanProgress> progress, CancellationToken cancellationToken)
        => VideoIndex.ScanAsync(dataset, new VideoIndexOptions { MinimumFrames = ClipLength }, progress, cancellationToken);
}
