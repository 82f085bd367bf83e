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

        var (training, test) = Find();
        using var model = Pretrained.Load(options);
        var original = options.Protocol.Protocol ?? EvaluationProtocol.Of(model.Recipe);
        var protocol = options.Protocol.Override(original, training.Items.Count, options.Seed);
        protocol.Check(model.Encoder, options.Protocol.Kind);
        Directory.CreateDirectory(options.Output);
        string[] departures = Departures(original, protocol, model);
        Terminal.Note($"Protocol: {protocol.Name} ({protocol.Source})");
        foreach (string departure in departures)
        {
            Terminal.Warn($"Departs from the protocol: {departure}");
        }

        if (model.Weights is { } found)
        {
            Terminal.Note($"Weights: {found}");
        }

        try
        {
            var report = await ProgressDisplay.RunAsync(async display =>
            {
                var videos = await ScanAsync(protocol, training, test, display, cancellationToken);
                var job = new Job(options, model, protocol, videos, reader, display);
                return Report(job, departures, await SectionsAsync(job, cancellationToken));
            });
            report.SaveHtml(options.Report);
            report.SaveJson(json);
            report.SaveCsv(csv);

            // Few labels end early with what is done.
            foreach (var table in report.Sections.SelectMany(section => section.Tables).Where(table => table.Rows.Count > 0))
            {
                Tables.Show(table);
            }

            cancellationToken.ThrowIfCancellationRequested();
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
            { Dataset.Name: not null } => (options.Dataset.Find(options.Videos!, SplitPart.Train), options.Dataset.Find(options.Videos!, SplitPart.Test)),
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

    private async Task<VideoSet> ScanAsync(EvaluationProtocol protocol, VideoDataset training, VideoDataset test, ProgressDisplay display, CancellationToken cancellationToken)
    {
        int fewest = protocol.ClipsOf(options.Protocol.Kind).Max(clips => clips.CreateSampler().MinimumFrames);
        return VideoSet.Classified(await Scan(training, "train.index"), await Scan(test, "test.index"));

        Task<VideoIndex> Scan(VideoDataset videos, string cache)
            => VideoSet.ScanAsync(videos, new VideoIndexOptions { MinimumFrames = fewest, Reader = reader, CachePath = Path.Combine(options.Output, cache) }, display, cancellationToken);
    }

    private static Task<IReadOnlyList<ReportSection>> SectionsAsync(Job job, CancellationToken cancellationToken) => job.Options.Verb switch
    {
        "retrieval" => RetrievalVerb.RunAsync(job, cancellationToken),
        "linear" => ClassifierVerbs.LinearAsync(job, cancellationToken),
        "finetune" => ClassifierVerbs.FineTuneAsync(job, cancellationToken),
        "lowshot" => LowShotVerb.RunAsync(job, cancellationToken),
        "knn" => KnnVerb.RunAsync(job, cancellationToken),
        _ => AnalyzeVerb.RunAsync(job, cancellationToken),
    };

    // What the command line overrides, and what is not part of a protocol.
    private string[] Departures(EvaluationProtocol original, EvaluationProtocol protocol, PretrainedEncoder model)
    {
        var departures = new List<string>(protocol.DeparturesFrom(original, options.Protocol.Kind));
        if (options.OnFeatures)
        {
            departures.Add($"training: a linear layer on features of the linear probe's test clips, computed once, in place of {(options.Verb is "lowshot" ? "fine-tuning" : "augmented clips")}");
        }

        if (options.Protocol.Protocol is not null && model.Checkpoint?.Recipe is not null && TclrRecipe.Of(model.Checkpoint).Clips is var trained && trained != protocol.Clips)
        {
            var now = protocol.ClipsOf(options.Protocol.Kind)[^1];
            string before = Describe(trained.Length, trained.Size, trained.CreateTestAugmentation().ChannelOrder, trained.Augmentation);
            string here = Describe(now.Length, now.Size, now.CreateAugmentation().ChannelOrder, now.Augmentation);
            if (!string.Equals(before, here, StringComparison.Ordinal))
            {
                departures.Add($"encoder: trained on clips of {before}, and evaluated on {here}");
            }
        }

        return [.. departures];

        static string Describe(int length, int size, ChannelOrder order, AugmentationRecipe augmentation)
            => FormattableString.Invariant($"{length} frames at {size}x{size} pixels, {order.ToString().ToUpperInvariant()}, '{RecipeRegistry.Default.NameOf(augmentation)}'");
    }

    private RunReport Report(Job job, string[] departures, IReadOnlyList<ReportSection> sections)
    {
        var (model, videos, clips) = (job.Model, job.Videos, job.Protocol.ClipsOf(options.Protocol.Kind)[^1]);
        string encoder = RecipeRegistry.Default.NameOf(model.Recipe.Encoder);
        return new RunReport($"{(options.Verb is "analyze" ? "Analysis" : sections[0].Title)}: {encoder}")
        {
            Summary = FormattableString.Invariant($"{videos.Gallery.Items.Count} training and {videos.Queries.Items.Count} test videos of {videos.Classes.Count} classes, judged by {clips.Clips * clips.Crops} clips of {clips.Length} frames at {clips.Size}x{clips.Size} pixels. Protocol: {job.Protocol.Name} ({job.Protocol.Source}){(departures.Length > 0 ? ", with departures" : string.Empty)}."),
            Sections = sections,
            Settings =
            [
                new("checkpoint", model.Source),
                .. model.Weights is { } weights ? (ReportSetting[])[new("weights", weights.ToString())] : [],
                new("encoder", encoder + (options.MomentumEncoder ? " (momentum encoder)" : string.Empty)),
                new("recipe", model.Recipe.Name),
                new("training videos", Path.GetFullPath(options.Train ?? options.TrainList ?? options.Videos!)),
                new("test videos", Path.GetFullPath(options.Test ?? options.TestList ?? options.Videos!)),
                new("videos left out", $"{videos.Gallery.Faulty.Count + videos.Queries.Faulty.Count}"),
                new("protocol", $"{job.Protocol.Name}: {job.Protocol.Source}"),
                .. job.Protocol.Describe(options.Protocol.Kind).Select(setting => new ReportSetting(setting.Key, setting.Value)),
                .. departures.Select(departure => new ReportSetting("departure from the protocol", departure)),
                .. job.Protocol.Remarks.Select(remark => new ReportSetting("remark on the protocol", remark)),
                new("seed", $"{options.Seed}"),
                new("device", options.Device),
            ],
            Recipe = model.Recipe.ToJson(),
        };
    }
}
