using System.Diagnostics;
using Spectre.Console;
using Tclr.Core;
using Tclr.Reports;
using static TorchSharp.torch;

namespace Tclr.Cli;

/// <summary>Runs <c>tclr demo</c> on the embedded set: videos, index, three encoders, retrieval, table and report.</summary>
internal sealed class DemoRun(DemoOptions options)
{
    public const int EmbeddedSteps = 160;

    /// <summary>The encoders that are compared.</summary>
    public static readonly (string Name, string Folder, bool Trained, bool Temporal)[] Methods = [("Random weights", "random", false, true), ("Instance contrast (IC)", "ic", true, false), ("TCLR", "tclr", true, true)];

    private readonly int steps = options.Steps ?? EmbeddedSteps;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if ((options.Recipe, options.Minutes) is not (null, null))
        {
            throw new UsageException("--recipe, --minutes: expected with --videos");
        }

        var clock = Stopwatch.StartNew();
        TorchRuntime.RetainFreedMemory();
        set_num_threads(Environment.ProcessorCount);
        using var mine = FolderLock.Take(options.Output);
        var recipe = TclrRecipes.Tiny() with { Steps = steps, Seed = options.Seed };
        recipe = recipe with { BatchSize = options.BatchSize ?? recipe.BatchSize };
        int shortest = recipe.Clips.Length;
        var set = await ProgressDisplay.RunAsync(display => VideoSet.EmbeddedAsync(
            Path.Combine(options.Output, SyntheticSet.FolderName), options.Seed, options.TrainVideos, options.TestVideos, shortest, display, cancellationToken));
        var reader = Readers.Cached(Trial.Reader(recipe, embedded: true), options.Cache);
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
            new("videos", "the embedded set"),
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

    /// <summary>The loss terms over the steps.</summary>
    public static LineChart Chart(string name, IReadOnlyList<TrainingProgress> progress) => new(
        $"Loss terms of {name}", "step",
        [.. progress[0].Terms.Keys.Select(term => new ReportSeries(term, [.. progress.Select(step => ((double)step.Step, step.Terms[term]))]))]);
}
