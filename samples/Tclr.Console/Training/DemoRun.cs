using System.Diagnostics;
using Spectre.Console;
using Tclr.Core;
using Tclr.Reports;
using static TorchSharp.torch;

namespace Tclr.Cli;

/// <summary>Options of <c>tclr demo</c>.</summary>
internal sealed class DemoOptions(Arguments a)
{
    public string? Videos { get; } = a.Text("--videos", "Folder of videos; each sub-folder is a class, or each file if there are no sub-folders. Without it, the demo generates its own videos.");

    public string Output { get; } = a.Text("--out", "Output folder for checkpoints, metrics and the report.", "tclr-demo");

    public string? Cache { get; } = a.Text("--cache", Readers.CacheHelp);

    public int? Steps { get; } = a.Whole("--steps", $"Optimization steps of each method. Default: {DemoRun.EmbeddedSteps}, or {DemoRun.FolderSteps} with --videos.", 1);

    public int BatchSize { get; } = a.Whole("--batch", "Batch size, in videos.", 2, 16);

    public ulong Seed { get; } = a.Whole("--seed", "Seed of videos, weights, clips and augmentation.", 0UL, 11UL);

    public int TrainVideos { get; } = a.Whole("--train-videos", "Number of training videos to generate.", SyntheticSet.ClassCount, 450);

    public int TestVideos { get; } = a.Whole("--test-videos", "Number of test videos to generate.", SyntheticSet.ClassCount, 450);

    public bool Resume { get; } = a.Flag("--resume", "Resume from the checkpoints in --out.");
}

/// <summary>Runs <c>tclr demo</c>: videos, index, three encoders, retrieval, table and report.</summary>
internal sealed class DemoRun(DemoOptions options)
{
    public const int EmbeddedSteps = 160;
    public const int FolderSteps = 60;

    private static readonly (string Name, string Folder, bool Trained, bool Temporal)[] Methods = [("Random weights", "random", false, true), ("Instance contrast (IC)", "ic", true, false), ("TCLR", "tclr", true, true)];

    private readonly int steps = options.Steps ?? (options.Videos is null ? EmbeddedSteps : FolderSteps);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        TorchRuntime.RetainFreedMemory();
        set_num_threads(Environment.ProcessorCount);
        using var mine = FolderLock.Take(options.Output);
        var recipe = TclrRecipes.Tiny() with { Steps = steps, BatchSize = options.BatchSize, Seed = options.Seed };
        int shortest = recipe.Clips.Length;
        var set = await ProgressDisplay.RunAsync(display => options.Videos is { } folder
            ? VideoSet.FolderAsync(folder, shortest, display, cancellationToken, options.Cache is { } cache ? Path.Combine(cache, "videos.index") : null)
            : VideoSet.EmbeddedAsync(Path.Combine(options.Output, SyntheticSet.FolderName), options.Seed, options.TrainVideos, options.TestVideos, shortest, display, cancellationToken));
        var reader = Readers.Cached(Trial.Reader(recipe, options.Videos is null), options.Cache);
        var results = new List<(string Name, TrialResult Result)>();
        foreach (var (name, folder, trained, temporal) in Methods)
        {
            var trial = new Trial(name, recipe.WithTerms(instance: true, temporal, temporal), set, Path.Combine(options.Output, folder), reader)
            {
                IsTrained = trained,
                Resume = options.Resume,
            };
            results.Add((name, await ProgressDisplay.RunAsync(display => trial.RunAsync(display, "Go on with --resume.", cancellationToken))));
        }

        var report = Report(set, results);
        Tables.Show(report.Sections[0].Tables[0]);
        Terminal.Note($"R@k: {set.Description} ({set.Queries.Items.Count} queries, {set.Gallery.Items.Count} in the gallery).");
        Terminal.Note($"{results[^1].Result.Summary}");
        string file = Path.Combine(options.Output, "report.html");
        report.SaveHtml(file);
        Terminal.Note($"{clock.Elapsed:m\\:ss} min. Report: {file}");
        Terminal.Note($"Checkpoints and metrics: {Path.Combine(options.Output, "tclr")} and {Path.Combine(options.Output, "ic")}");
    }

    private RunReport Report(VideoSet set, List<(string Name, TrialResult Result)> results) => new("Tclr demo")
    {
        Settings =
        [
            new("videos", options.Videos ?? "the embedded set"),
            new("training videos", $"{set.Train.Items.Count}"),
            new("queries", $"{set.Queries.Items.Count}"),
            new("steps", $"{steps}"),
            new("seed", $"{options.Seed}"),
            new("R@k", set.Description),
        ],
        Sections =
        [
            new ReportSection("Retrieval")
            {
                Tables = [new ReportTable(string.Empty, [.. results[0].Result.Measures.Keys], [.. results.Select(row => new ReportRow(row.Name, [.. row.Result.Measures.Values.Select(value => $"{value:0.0} %")]))]) { RowHeading = "encoder" }],
            },
            new ReportSection("Training") { Figures = [.. results.Where(row => row.Result.Progress.Count > 0).Select(row => Chart(row.Name, row.Result.Progress))] },
        ],
    };

    private static LineChart Chart(string name, IReadOnlyList<TrainingProgress> progress) => new(
        $"Loss terms of {name}", "step",
        [.. progress[0].Terms.Keys.Select(term => new ReportSeries(term, [.. progress.Select(step => ((double)step.Step, step.Terms[term]))]))]);
}
