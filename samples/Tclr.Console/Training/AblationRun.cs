using System.Diagnostics;
using System.Globalization;
using Tclr.Core;
using Tclr.Reports;
using static TorchSharp.torch;

namespace Tclr.Cli;

/// <summary>Trains and judges every row with every seed, cell by cell; finished cells are read back.</summary>
internal sealed class AblationRun(AblationOptions options)
{
    private const int LastSteps = 20;

    private readonly TclrRecipe recipe = options.Recipe();
    private VideoSet? ofFolder;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TorchRuntime.RetainFreedMemory();
        set_num_threads(Environment.ProcessorCount);
        var store = new CellStore(options, recipe);
        var cells = new List<CellResult>();
        foreach (ulong seed in options.Seeds)
        {
            // Several processes may share the folder, each with seeds of its own.
            using var mine = options.Rows.All(row => store.Read(row, seed) is not null) ? null : FolderLock.Take(store.Seed(seed));
            VideoSet? set = null;
            foreach (var row in options.Rows)
            {
                if (store.Read(row, seed) is { } finished)
                {
                    cells.Add(finished);
                    Terminal.Note($"Seed {seed}, {row.Name}: read back");
                    continue;
                }

                set ??= await VideosAsync(store, seed, cancellationToken);
                var result = await MeasureAsync(store, set, row, seed, cancellationToken);
                store.Write(row, result);
                cells.Add(result);
                Terminal.Say($"Seed {seed}, {row.Name}: R@1 {result.Measures[Trial.Recall]:0.0} % ({result.Seconds:0} s)");
            }
        }

        Tables.Show(Table(cells));
        Terminal.Note($"Recipe {options.RecipeName}, seeds {string.Join(", ", options.Seeds)}: mean ± standard deviation in %. The paper's figures are of R3D-18 on UCF101.");
        Terminal.Note($"Every cell: {store.WriteTable(cells)}, and result.json in the folder of each.");
    }

    private async Task<VideoSet> VideosAsync(CellStore store, ulong seed, CancellationToken cancellationToken)
    {
        int shortest = recipe.Clips.Length;
        return options.Videos is { } videos
            ? ofFolder ??= await ProgressDisplay.RunAsync(display => VideoSet.FolderAsync(videos, shortest, display, cancellationToken))
            : await ProgressDisplay.RunAsync(display => VideoSet.EmbeddedAsync(Path.Combine(store.Seed(seed), "videos"), seed, options.TrainVideos, options.TestVideos, shortest, display, cancellationToken));
    }

    private async Task<CellResult> MeasureAsync(CellStore store, VideoSet set, AblationRow row, ulong seed, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        string name = string.Create(CultureInfo.InvariantCulture, $"Seed {seed}, {row.Name}"), folder = store.Cell(row, seed);
        var trained = row.IsTrained ? recipe.WithTerms(row.Instance, row.LocalLocal, row.GlobalLocal) : recipe;
        var trial = new Trial(name, trained with { Seed = seed }, set, folder, Trial.Reader(recipe, options.Videos is null)) { IsTrained = row.IsTrained, Resume = true, Probe = true };
        Directory.CreateDirectory(folder);
        var result = await ProgressDisplay.RunAsync(display => trial.RunAsync(display, "The same command goes on there.", cancellationToken));
        var terms = result.Progress.TakeLast(LastSteps).SelectMany(step => step.Terms).GroupBy(term => term.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Math.Round(group.Average(term => term.Value), 4), StringComparer.Ordinal);
        return new CellResult(row.Key, seed, result.Measures, terms, result.Steps, Math.Round(clock.Elapsed.TotalSeconds, 1));
    }

    // Mean and standard deviation over the seeds, beside the paper's figures.
    private ReportTable Table(List<CellResult> cells)
    {
        string[] measures = [.. cells[0].Measures.Keys];
        return new ReportTable(string.Empty, [.. measures, "paper: linear", "paper: R@1"], [.. options.Rows.Select(Row)]) { RowHeading = "trained with" };

        ReportRow Row(AblationRow row)
        {
            var own = cells.Where(cell => string.Equals(cell.Row, row.Key, StringComparison.Ordinal)).ToList();
            return new ReportRow(row.Name, [.. measures.Select(measure => ReportCell.Number(MeanStd.Of(own.Select(cell => cell.Measures[measure])), "0.0")), Number(row.PaperLinear), Number(row.PaperRecall)]);
        }

        static ReportCell Number(double? value) => value?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-";
    }
}
