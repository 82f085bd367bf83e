using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Models;
using Tclr.Reports;
using Tclr.Samples.EmbeddedSet;
using static TorchSharp.torch;

namespace Tclr.Samples.Quickstart;

/// <summary>The main job, start to end: videos, index, three encoders, retrieval, table, report.</summary>
internal sealed class QuickstartRun(QuickstartOptions options)
{
    private const int ClipSize = 32;
    private const int EvaluationBatch = 32;

    private readonly OpenCvVideoReader reader = new(new OpenCvVideoReaderOptions { ShortSide = options.Videos is null ? null : ClipSize * 3 / 2 });

    private string videos = string.Empty;

    /// <summary>Runs all of it; false if it was stopped.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        TorchRuntime.RetainFreedMemory();
        set_num_threads(Environment.ProcessorCount);
        using var mine = FolderLock.Take(options.Output);
        var set = await PrepareAsync(cancellationToken);
        var results = new List<MethodResult>();
        foreach (var method in Method.All)
        {
            if (await RunAsync(method, set, cancellationToken) is not { } result)
            {
                return false;
            }

            results.Add(result);
        }

        string[] columns = Columns(set);
        Show(set, columns, results);
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[gray]{videos}[/]");
        string report = Path.Combine(options.Output, "report.html");
        Report(set, columns, results).Save(report);
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[gray]{clock.Elapsed:m\\:ss} min. Report: {report}[/]");
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[gray]Checkpoints and metrics: {Path.Combine(options.Output, "tclr")} and {Path.Combine(options.Output, "ic")}[/]");
        return true;
    }

    private static string[] Columns(VideoSet set) => ["R@1", "R@5", .. set.Judgments.Skip(1).Select(judgment => $"R@1 {judgment.Name}")];

    private static string Percent(double value) => value.ToString("0.0 '%'", CultureInfo.InvariantCulture);

    private static void Show(VideoSet set, string[] columns, List<MethodResult> results)
    {
        var table = new Table().AddColumn("encoder").AddColumns(columns);
        foreach (var column in table.Columns.Skip(1))
        {
            column.RightAligned();
        }

        foreach (var result in results)
        {
            table.AddRow([result.Method.Name, .. result.Recalls.Select(Percent)]);
        }

        AnsiConsole.WriteLine();
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[gray]R@k: {set.Description} ({set.Queries.Items.Count} queries, {set.Gallery.Items.Count} in the gallery).[/]");
    }

    private static Progress Bars() => AnsiConsole.Progress().Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());

    private async Task<VideoSet> PrepareAsync(CancellationToken cancellationToken)
    {
        var set = await Bars().StartAsync(async context =>
        {
            if (options.Videos is { } folder)
            {
                var scan = context.AddTask("Looking through the videos");
                return await VideoSet.FolderAsync(folder, Scanning(scan), cancellationToken);
            }

            string train = Path.Combine(options.Output, SyntheticSet.FolderName, "train"), test = Path.Combine(options.Output, SyntheticSet.FolderName, "test");
            SyntheticSet.Clear(Path.Combine(options.Output, SyntheticSet.FolderName));
            await MakeAsync(context.AddTask("Making training videos"), train, options.TrainVideos, 2 * options.Seed, cancellationToken);
            await MakeAsync(context.AddTask("Making test videos"), test, options.TestVideos, (2 * options.Seed) + 1, cancellationToken);
            return await VideoSet.SyntheticAsync(train, test, Scanning(context.AddTask("Looking through the videos")), cancellationToken);
        });

        foreach (var faulty in set.Train.Faulty.Concat(set.Queries.Faulty).DistinctBy(video => video.Path, StringComparer.Ordinal))
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Left out {faulty.Path}: {faulty.Reason}[/]");
        }

        foreach (var incomplete in set.Train.Incomplete.Concat(set.Queries.Incomplete).DistinctBy(video => video.Path, StringComparer.Ordinal))
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Stops early {incomplete.Path}: {incomplete}[/]");
        }

        return set;
    }

    private static Progress<VideoScanProgress> Scanning(ProgressTask task)
        => new(scan => task.MaxValue(scan.Total).Value(scan.Done + scan.UnderWay));

    private static Task MakeAsync(ProgressTask task, string folder, int count, ulong seed, CancellationToken cancellationToken)
    {
        task.MaxValue(count);
        return Task.Run(() => SyntheticSet.Write(folder, count, seed, done => task.Value(done), cancellationToken), cancellationToken);
    }

    private async Task<MethodResult?> RunAsync(Method method, VideoSet set, CancellationToken cancellationToken)
    {
        var seen = new List<TrainingProgress>();
        return await Bars().StartAsync(async context =>
        {
            var loader = new ClipLoader(set.Train, reader, ClipSamplers.Tclr(VideoSet.ClipLength, VideoSet.Timesteps), Augmentations.Demo(ClipSize));
            using var trainer = Build(method, set, loader, context, seen);
            if (method.Loss is not null)
            {
                var result = await trainer.TrainAsync(cancellationToken);
                if (!result.Completed)
                {
                    AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Stopped at step {result.Step}. Go on with --resume; the checkpoint is {result.Checkpoint}[/]");
                    return null;
                }

                videos = RunSummary.Of(result, loader, Math.Min(options.BatchSize, set.Train.Items.Count));
            }

            var judging = context.AddTask($"{method.Name}: judging", maxValue: set.Gallery.Items.Count + set.Queries.Items.Count);
            using var gallery = await FeaturesAsync(trainer.Encoder, set.Gallery, set.GalleryClips, judging, cancellationToken);
            using var queries = await FeaturesAsync(trainer.Encoder, set.Queries, set.QueryClips, judging, cancellationToken);
            var recalls = new List<double>();
            foreach (var (i, judgment) in set.Judgments.Index())
            {
                int[] ks = [1, Math.Min(5, set.Gallery.Items.Count)];
                var found = Retrieval.Evaluate(queries.Values, Labels(set.Queries, judgment.Label), gallery.Values, Labels(set.Gallery, judgment.Label), ks);
                recalls.Add(100 * found.RecallAt(1));
                if (i == 0)
                {
                    recalls.Add(100 * found.RecallAt(ks[1]));
                }
            }

            return new MethodResult(method, recalls, seen);
        });
    }

    private static int[] Labels(VideoIndex index, Func<VideoItem, int> label) => [.. index.Items.Select(label)];

    private TclrTrainer Build(Method method, VideoSet set, ClipLoader loader, ProgressContext context, List<TrainingProgress> seen)
    {
        string folder = Path.Combine(options.Output, method.Folder);
        var builder = new TclrTrainerBuilder()
            .UseClips(loader)
            .UseEncoder(VideoEncoders.SmallR3D)
            .UseTclrHead(hidden: 64, embedding: 32)
            .AddTclrLoss(method.Loss)
            .UseAdam(new AdamOptions { LearningRate = 2e-3, WeightDecay = 1e-5 })
            .UseSchedule(LearningRateSchedules.WarmupCosine(warmupSteps: 10, finalFactor: 0.05))
            .WithBatchSize(Math.Min(options.BatchSize, set.Train.Items.Count))
            .ForSteps(options.TrainingSteps)
            .WithSeed(options.Seed);
        if (method.Loss is null)
        {
            return builder.Build();
        }

        var task = context.AddTask($"{method.Name}: training", maxValue: options.TrainingSteps);
        builder
            .CheckpointTo(Path.Combine(folder, "checkpoints"))
            .WriteMetricsTo(Path.Combine(folder, "metrics.jsonl"))
            .ReportTo(new StepReport(step =>
            {
                seen.Add(step);
                task.Value(step.Step).Description(string.Create(CultureInfo.InvariantCulture, $"{method.Name}: loss {step.Loss:0.00}, {step.ClipsPerSecond:0} clips/s"));
            }));
        return (options.Resume ? builder.Resume() : builder).Build();
    }

    private async Task<VideoFeatures> FeaturesAsync(IVideoEncoder encoder, VideoIndex index, IClipSampler clips, ProgressTask task, CancellationToken cancellationToken)
    {
        var source = new VideoClips(index, reader, clips, Augmentations.Evaluation(ClipSize));
        double before = task.Value;
        var progress = new Progress<int>(done => task.Value(before + done));
        return await new FeatureExtractor(encoder).ExtractAsync(source, EvaluationBatch, progress, cancellationToken);
    }

    private RunReport Report(VideoSet set, string[] columns, List<MethodResult> results) => new("Tclr quickstart")
    {
        Settings =
        [
            new("videos", options.Videos ?? "the embedded set"),
            new("training videos", set.Train.Items.Count.ToString(CultureInfo.InvariantCulture)),
            new("queries", set.Queries.Items.Count.ToString(CultureInfo.InvariantCulture)),
            new("steps", options.TrainingSteps.ToString(CultureInfo.InvariantCulture)),
            new("seed", options.Seed.ToString(CultureInfo.InvariantCulture)),
            new("R@k", set.Description),
        ],
        Sections =
        [
            new ReportSection
            {
                Tables = [new ReportTable("Retrieval", columns, [.. results.Select(result => new ReportRow(result.Method.Name, [.. result.Recalls.Select(Percent)]))])],
                Figures = [.. results.Where(result => result.Progress.Count > 0).Select(Chart)],
            },
        ],
    };

    private static LineChart Chart(MethodResult result) => new(
        $"Loss terms of {result.Method.Name}", "step",
        [.. result.Progress[0].Terms.Keys.Select(term => new ReportSeries(term, [.. result.Progress.Select(step => ((double)step.Step, step.Terms[term]))]))]);

    private sealed class StepReport(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
