using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Reports;
using static TorchSharp.torch;

namespace Tclr.Cli;

/// <summary>A checkpoint and videos to a report.</summary>
internal sealed class EvaluateRun(EvaluateOptions options)
{
    private readonly IVideoReader reader = Readers.Create(options.Ffmpeg, cache: options.Cache);

    /// <summary>Runs the verb and writes its report. All that can be wrong is checked before videos are opened.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        options.Check();
        var (json, csv) = (Path.ChangeExtension(options.Report, ".json"), Path.ChangeExtension(options.Report, ".csv"));
        foreach (string path in new[] { options.Report, json, csv })
        {
            RunReport.EnsureWritable(path);
        }

        TorchRuntime.RetainFreedMemory();
        if (options.Threads is { } threads)
        {
            set_num_threads(threads);
        }

        Directory.CreateDirectory(options.Output);
        var (training, test) = Find();
        using var model = Pretrained.Load(options);
        if (model.Weights is { } found)
        {
            Terminal.Note($"Weights: {found}");
        }

        try
        {
            var report = await ProgressDisplay.RunAsync(async display =>
            {
                var videos = await ScanAsync(model.Recipe.Clips, training, test, display, cancellationToken);
                return Report(model, videos, await SectionsAsync(new Job(options, model, videos, reader, display), cancellationToken));
            });
            report.SaveHtml(options.Report);
            report.SaveJson(json);
            report.SaveCsv(csv);
            foreach (var table in report.Sections.SelectMany(section => section.Tables).Where(table => table.Rows.Count > 0))
            {
                Tables.Show(table);
            }
        }
        catch (OperationCanceledException)
        {
            throw new StoppedException($"Stopped. What is done is in {options.Output}; the same command goes on.");
        }

        Terminal.Note($"Report: {options.Report}, with .json and .csv beside it. Features: {options.Output}");
    }

    // Finds the videos and sees that their classes can be judged; nothing is opened.
    private (VideoDataset Training, VideoDataset Test) Find()
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
            : throw new UsageException(FormattableString.Invariant($"{both.Length} videos are for training and for testing, the first is '{both[0]}': expected each in one of them"));

        static (VideoDataset Training, VideoDataset Test) Halves(VideoDataset all)
        {
            var second = VideoSet.EverySecond(all.Items);
            return (new VideoDataset(all.Name, [.. all.Items.Where(item => !second.Contains(item))], all.Classes), new VideoDataset(all.Name, [.. all.Items.Where(second.Contains)], all.Classes));
        }
    }

    private async Task<VideoSet> ScanAsync(ClipRecipe clips, VideoDataset training, VideoDataset test, ProgressDisplay display, CancellationToken cancellationToken)
    {
        int fewest = Math.Max(clips.CreateTestSampler(options.Clips).MinimumFrames, clips.CreateFineTuningSampler().MinimumFrames);
        return VideoSet.Classified(await Scan(training, "train.index"), await Scan(test, "test.index"));

        Task<VideoIndex> Scan(VideoDataset videos, string cache)
            => VideoSet.ScanAsync(videos, new VideoIndexOptions { MinimumFrames = fewest, Reader = reader, CachePath = Path.Combine(options.Output, cache) }, display, cancellationToken);
    }

    private static Task<IReadOnlyList<ReportSection>> SectionsAsync(Job job, CancellationToken cancellationToken) => job.Options.Verb switch
    {
        "retrieval" => RetrievalVerb.RunAsync(job, cancellationToken),
        "linear" => ClassifierVerbs.LinearAsync(job, cancellationToken),
        "finetune" => ClassifierVerbs.FineTuneAsync(job, cancellationToken),
        "lowshot" => ClassifierVerbs.LowShotAsync(job, cancellationToken),
        _ => AnalyzeVerb.RunAsync(job, cancellationToken),
    };

    private RunReport Report(PretrainedEncoder model, VideoSet videos, IReadOnlyList<ReportSection> sections)
    {
        var clips = model.Recipe.Clips;
        string encoder = RecipeRegistry.Default.NameOf(model.Recipe.Encoder);
        return new RunReport($"{(options.Verb is "analyze" ? "Analysis" : sections[0].Title)}: {encoder}")
        {
            Summary = FormattableString.Invariant($"{videos.Gallery.Items.Count} training and {videos.Queries.Items.Count} test videos of {videos.Classes.Count} classes, judged by {options.Clips} clips of {clips.Length} frames at {clips.Size}x{clips.Size} pixels."),
            Sections = sections,
            Settings =
            [
                new("checkpoint", model.Source),
                .. model.Weights is { } weights ? (ReportSetting[])[new("weights", weights.ToString())] : [],
                new("encoder", encoder),
                new("recipe", model.Recipe.Name),
                new("training videos", Path.GetFullPath(options.Train ?? options.TrainList ?? options.Videos!)),
                new("test videos", Path.GetFullPath(options.Test ?? options.TestList ?? options.Videos!)),
                new("videos left out", $"{videos.Gallery.Faulty.Count + videos.Queries.Faulty.Count}"),
                new("clips of a video", $"{options.Clips}"),
                new("seed", $"{options.Seed}"),
                new("device", options.Device),
            ],
            Recipe = model.Recipe.ToJson(),
        };
    }
}
