using System.Globalization;
using Spectre.Console;
using Tclr.Core;
using Tclr.Data;
using Tclr.Reports;
using static TorchSharp.torch;

namespace Tclr.Samples.Evaluate;

/// <summary>A checkpoint and videos to a report.</summary>
internal sealed class EvaluateRun(EvaluateOptions options)
{
    private readonly IVideoReader reader = options.Ffmpeg ? new FallbackVideoReader(new OpenCvVideoReader(), new FfmpegVideoReader()) : new OpenCvVideoReader();

    /// <summary>Runs the verb and writes its report. All that can be wrong is looked at before videos are opened.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
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
        var (training, test) = VideoSet.Find(options);
        using var model = Pretrained.Load(options);
        if (model.Weights is { } found)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[gray]Weights: {found}[/]");
        }

        var (videos, sections) = await Bars().StartAsync(async context =>
        {
            var scanned = await ScanAsync(model, training, test, context.AddTask("Looking through the videos"), cancellationToken);
            return (scanned, await SectionsAsync(new Job(options, model, scanned, reader, context), cancellationToken));
        });

        var report = Report(model, videos, sections);
        report.Save(options.Report);
        report.SaveJson(json);
        report.SaveCsv(csv);
        Show(report);
    }

    private static Progress Bars() => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());

    private static Task<IReadOnlyList<ReportSection>> SectionsAsync(Job job, CancellationToken cancellationToken) => job.Options.Verb switch
    {
        "retrieval" => RetrievalVerb.RunAsync(job, cancellationToken),
        "linear" => ClassifierVerbs.LinearAsync(job, cancellationToken),
        "finetune" => ClassifierVerbs.FineTuneAsync(job, cancellationToken),
        "lowshot" => FewLabelsVerb.RunAsync(job, cancellationToken),
        _ => AnalyzeVerb.RunAsync(job, cancellationToken),
    };

    private async Task<VideoSet> ScanAsync(PretrainedEncoder model, VideoDataset training, VideoDataset test, ProgressTask bar, CancellationToken cancellationToken)
    {
        int most = training.Items.Count + test.Items.Count;
        bar.MaxValue(most);
        int fewest = Math.Max(model.Recipe.Clips.CreateTestSampler(options.Clips).MinimumFrames, model.Recipe.Clips.CreateFineTuningSampler().MinimumFrames);
        var scanning = new VideoIndexOptions { MinimumFrames = fewest, Reader = reader };
        var videos = await VideoSet.ScanAsync(training, test, scanning, options.Output, After, cancellationToken);
        bar.Value(most);
        foreach (var faulty in videos.Training.Faulty.Concat(videos.Test.Faulty))
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Left out {faulty.Path}: {faulty.Reason}[/]");
        }

        foreach (var incomplete in videos.Training.Incomplete.Concat(videos.Test.Incomplete))
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Stops early {incomplete.Path}: {incomplete}[/]");
        }

        return videos;

        IProgress<VideoScanProgress> After(int others) => new Progress<VideoScanProgress>(scan => bar.Value(others + scan.Done + scan.UnderWay));
    }

    private RunReport Report(PretrainedEncoder model, VideoSet videos, IReadOnlyList<ReportSection> sections)
    {
        var clips = model.Recipe.Clips;
        return new RunReport($"{(string.Equals(options.Verb, "analyze", StringComparison.Ordinal) ? "Analysis" : sections[0].Title)}: {RecipeRegistry.Default.NameOf(model.Recipe.Encoder)}")
        {
            Summary = FormattableString.Invariant($"{videos.Training.Items.Count} training and {videos.Test.Items.Count} test videos of {videos.Classes.Count} classes, judged by {options.Clips} clips of {clips.Length} frames at {clips.Size}x{clips.Size} pixels."),
            Sections = sections,
            Settings =
            [
                new("checkpoint", model.Source),
                .. model.Weights is { } weights ? (ReportSetting[])[new("weights", weights.ToString())] : [],
                new("encoder", RecipeRegistry.Default.NameOf(model.Recipe.Encoder)),
                new("recipe", model.Recipe.Name),
                new("training videos", Path.GetFullPath(options.Train ?? options.TrainList ?? options.Videos!)),
                new("test videos", Path.GetFullPath(options.Test ?? options.TestList ?? options.Videos!)),
                new("videos left out", (videos.Training.Faulty.Count + videos.Test.Faulty.Count).ToString(CultureInfo.InvariantCulture)),
                new("clips of a video", options.Clips.ToString(CultureInfo.InvariantCulture)),
                new("seed", options.Seed.ToString(CultureInfo.InvariantCulture)),
                new("device", options.Device),
            ],
            Recipe = model.Recipe.ToJson(),
        };
    }

    private void Show(RunReport report)
    {
        foreach (var found in report.Sections.SelectMany(section => section.Tables).Where(found => found.Rows.Count > 0))
        {
            var table = new Table { Title = new TableTitle(Markup.Escape(found.Title)) }.AddColumn(Markup.Escape(found.RowHeading)).AddColumns([.. found.Columns.Select(Markup.Escape)]);
            foreach (var row in found.Rows)
            {
                table.AddRow([Markup.Escape(row.Name), .. row.Cells.Select(cell => Markup.Escape(cell.Text))]);
            }

            AnsiConsole.Write(table);
        }

        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[gray]Report: {options.Report}, with .json and .csv beside it. Features: {options.Output}[/]");
    }
}
