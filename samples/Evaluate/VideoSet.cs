using Tclr.Data;
using Tclr.Evaluation;

namespace Tclr.Samples.Evaluate;

/// <summary>Training and test videos with classes of the same numbers.</summary>
internal sealed class VideoSet
{
    private VideoSet(VideoIndex training, VideoIndex test)
    {
        Training = training;
        Test = test;

        // Once more: a class may have lost its only video to a fault.
        Classes = ClassifiedVideos.ClassesOf(training.Items.Select(item => item.Label), test.Items.Select(item => item.Label));
        var places = Classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        TrainingLabels = [.. training.Items.Select(item => places[item.Label])];
        TestLabels = [.. test.Items.Select(item => places[item.Label])];
    }

    public VideoIndex Training { get; }

    public VideoIndex Test { get; }

    public IReadOnlyList<string> Classes { get; }

    public int[] TrainingLabels { get; }

    public int[] TestLabels { get; }

    /// <summary>Finds the videos and sees that their classes can be judged; nothing is opened.</summary>
    public static (VideoDataset Training, VideoDataset Test) Find(EvaluateOptions options)
    {
        var (training, test) = options switch
        {
            { Train: { } train, Test: { } other } => (VideoDatasets.Folder(train), VideoDatasets.Folder(other)),
            { TrainList: { } trainList, TestList: { } testList } => (VideoDatasets.List(options.Videos!, trainList, requireClasses: true), VideoDatasets.List(options.Videos!, testList, requireClasses: true)),
            _ => Halves(VideoDatasets.Folder(options.Videos!)),
        };
        ClassifiedVideos.ClassesOf(training.Items.Select(item => item.Label), test.Items.Select(item => item.Label));
        string[] both = [.. training.Items.Select(item => item.Path).Intersect(test.Items.Select(item => item.Path), StringComparer.Ordinal)];
        return both.Length == 0
            ? (training, test)
            : throw new VideoDataException(FormattableString.Invariant($"{both.Length} videos are for training and for testing, the first is '{both[0]}': expected each in one of them"));
    }

    /// <summary>Opens the videos; the progress is that after so many others.</summary>
    public static async Task<VideoSet> ScanAsync(
        VideoDataset training, VideoDataset test, VideoIndexOptions options, string output, Func<int, IProgress<VideoScanProgress>> progressAfter, CancellationToken cancellationToken) => new(
            await VideoIndex.ScanAsync(training, options with { CachePath = Path.Combine(output, "train.index") }, progressAfter(0), cancellationToken),
            await VideoIndex.ScanAsync(test, options with { CachePath = Path.Combine(output, "test.index") }, progressAfter(training.Items.Count), cancellationToken));

    // Every second video of a class is for testing.
    private static (VideoDataset Training, VideoDataset Test) Halves(VideoDataset all)
    {
        VideoItem[][] classes = [.. all.Items.GroupBy(item => item.ClassIndex).Select(group => group.ToArray())];
        return (Half(0), Half(1));

        VideoDataset Half(int odd) => new(all.Name, [.. classes.SelectMany(items => items.Where((_, place) => place % 2 == odd))], all.Classes);
    }
}
