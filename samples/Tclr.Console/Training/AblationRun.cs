using System.Diagnostics;
using System.Globalization;
using Tclr.Core;
using Tclr.Data;
using Tclr.Reports;
using static TorchSharp.torch;

namespace Tclr.Cli;

/// <summary>Trains and judges every row with every seed, cell by cell; finished cells are read back.</summary>
internal sealed class AblationRun(AblationOptions options)
{
    private const int LastSteps = 20;

    private readonly int?[] folds = options.Groups is null ? [null] : [.. Enumerable.Range(1, options.Folds ?? AblationOptions.UsualFolds).Select(fold => (int?)fold)];
    private TclrRecipe recipe = options.Recipe();
    private (VideoSet All, GroupFolds? Folds)? ofFolder;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TorchRuntime.RetainFreedMemory();
        set_num_threads(Environment.ProcessorCount);
        var store = new CellStore(options, recipe);
        var reader = Readers.Cached(Trial.Reader(recipe, options.Videos is null), options.Cache);
        var cells = new List<CellResult>();
        foreach (ulong seed in options.Seeds)
        {
            // Several processes may share the folder, each with seeds of its own.
            using var mine = options.Rows.All(row => folds.All(fold => store.Read(row, seed, fold) is not null)) ? null : FolderLock.Take(store.Seed(seed));
            VideoSet? embedded = null;
            foreach (int? fold in folds)
            {
                foreach (var row in options.Rows)
                {
                    string name = string.Create(CultureInfo.InvariantCulture, $"Seed {seed}{(fold is null ? string.Empty : $", fold {fold}")}, {row.Name}");
                    if (store.Read(row, seed, fold) is { } finished)
                    {
                        cells.Add(finished);
                        Terminal.Note($"{name}: read back");
                        continue;
                    }

                    var set = options.Videos is { } videos ? await FolderAsync(videos, fold, cancellationToken) : embedded ??= await EmbeddedAsync(store, seed, cancellationToken);
                    var result = await MeasureAsync(name, store.MakeCell(row, seed, fold), set, reader, row, (seed, fold), cancellationToken);
                    store.Write(row, result);
                    cells.Add(result);
                    Terminal.Say($"{name}: R@1 {result.Measures[Trial.Recall]:0.0} % ({result.Seconds:0} s)");
                }
            }
        }

        Tables.Show(Table(cells));
        Terminal.Note($"Recipe {options.RecipeName}, seeds {string.Join(", ", options.Seeds)}{(options.Groups is null ? string.Empty : $", {folds.Length} folds")}: mean ± standard deviation in %. The paper's figures are of R3D-18 on UCF101.");
        Terminal.Note($"Every cell: {store.WriteTable(cells)}, and result.json in the folder of each.");
    }

    private Task<VideoSet> EmbeddedAsync(CellStore store, ulong seed, CancellationToken cancellationToken)
        => ProgressDisplay.RunAsync(display => VideoSet.EmbeddedAsync(Path.Combine(store.Seed(seed), "videos"), seed, options.TrainVideos, options.TestVideos, recipe.Clips.Length, display, cancellationToken));

    // The folder is looked through once, and the clips are adapted to its videos.
    private async Task<VideoSet> FolderAsync(string folder, int? fold, CancellationToken cancellationToken)
    {
        if (ofFolder is null)
        {
            var scanning = new VideoIndexOptions { MinimumFrames = recipe.Clips.Length };
            var index = await ProgressDisplay.RunAsync(display => VideoSet.ScanAsync(VideoDatasets.Folder(folder), scanning, display, cancellationToken));
            var all = VideoSet.OfFolder(index);
            if (recipe.Clips.FitVideos && recipe.FitClips(index.Infos) is (var fitted, { } fit))
            {
                recipe = fitted;
                all = all with { Stride = fit.Stride };
                Terminal.Note($"{fit.Message}");
            }

            ofFolder = (all, options.Groups is { } pattern ? GroupFolds.Of(index.Items, folder, pattern, folds.Length) : null);
        }

        return ofFolder is var (set, groups) && groups is not null ? VideoSet.HoldOut(set.Train, item => groups.IsHeldOut(item, fold!.Value)) with { Stride = set.Stride } : ofFolder.Value.All;
    }

    private async Task<CellResult> MeasureAsync(string name, string folder, VideoSet set, IVideoReader reader, AblationRow row, (ulong Seed, int? Fold) of, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var trained = row.IsTrained ? recipe.WithTerms(row.Instance, row.LocalLocal, row.GlobalLocal) : recipe;
        var trial = new Trial(name, trained with { Seed = of.Seed }, set, folder, reader) { IsTrained = row.IsTrained, Resume = true, Probe = true, Knn = of.Fold is not null };
        var result = await ProgressDisplay.RunAsync(display => trial.RunAsync(display, "The same command goes on there.", cancellationToken));
        var terms = result.Progress.TakeLast(LastSteps).SelectMany(step => step.Terms).GroupBy(term => term.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Math.Round(group.Average(term => term.Value), 4), StringComparer.Ordinal);
        return new CellResult(row.Key, of.Seed, of.Fold, result.Measures, terms, result.Steps, Math.Round(clock.Elapsed.TotalSeconds, 1));
    }

    // Mean and standard deviation over the seeds and folds, beside the paper's figures.
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
