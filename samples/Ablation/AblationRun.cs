using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Tclr.Core;
using Tclr.Data;
using Tclr.Samples.EmbeddedSet;
using static TorchSharp.torch;

namespace Tclr.Samples.Ablation;

/// <summary>Trains and judges every row with every seed, cell by cell; finished cells are read back.</summary>
internal sealed class AblationRun(AblationOptions options)
{
    /// <summary>Runs all of it; false if it was stopped.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        TorchRuntime.RetainFreedMemory();
        set_num_threads(Environment.ProcessorCount);
        var store = new CellStore(options);
        var cells = new List<CellResult>();
        VideoSet? folder = null;
        foreach (ulong seed in options.Seeds)
        {
            // Several processes may share the folder, each with seeds of its own.
            using var mine = options.Rows.All(row => store.Read(row, seed) is not null) ? null : FolderLock.Take(store.SeedFolder(seed));
            VideoSet? set = null;
            foreach (var row in options.Rows)
            {
                if (store.Read(row, seed) is { } finished)
                {
                    cells.Add(finished);
                    AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[gray]Seed {seed}, {row.Name}: read back[/]");
                    continue;
                }

                set ??= options.Videos is { } videos
                    ? folder ??= await FolderAsync(videos, cancellationToken)
                    : await MakeAsync(store.Videos(seed), seed, cancellationToken);
                var clock = Stopwatch.StartNew();
                var measured = await AnsiConsole.Progress()
                    .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                    .StartAsync(context => new Cell(options, set, row, seed, store.Cell(row, seed)).RunAsync(context, cancellationToken));
                if (measured is null)
                {
                    AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Stopped in seed {seed}, {row.Name}. The same command goes on there.[/]");
                    return false;
                }

                var result = measured with { Seconds = Math.Round(clock.Elapsed.TotalSeconds, 1) };
                store.Write(row, result);
                cells.Add(result);
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Seed {seed}, {row.Name}: R@1 {result.Measures[Cell.Recall]:0.0} % [gray]({result.Seconds:0} s)[/]");
            }
        }

        AblationTable.Show(options, cells);
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[gray]Every cell: {store.WriteTable(cells)}, and result.json in the folder of each.[/]");
        return true;
    }

    private static async Task<VideoSet> FolderAsync(string videos, CancellationToken cancellationToken)
    {
        var set = await VideoSet.FolderAsync(videos, new Progress<VideoScanProgress>(), cancellationToken);
        foreach (var faulty in set.Train.Faulty)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Left out {faulty.Path}: {faulty.Reason}[/]");
        }

        return set;
    }

    // The videos depend on the seed alone, so making them again changes nothing.
    private async Task<VideoSet> MakeAsync(string folder, ulong seed, CancellationToken cancellationToken)
    {
        string train = Path.Combine(folder, "train"), test = Path.Combine(folder, "test");
        SyntheticSet.Clear(folder);
        SyntheticSet.Write(train, options.TrainVideos, 2 * seed, _ => { }, cancellationToken);
        SyntheticSet.Write(test, options.TestVideos, (2 * seed) + 1, _ => { }, cancellationToken);
        return await VideoSet.SyntheticAsync(train, test, new Progress<VideoScanProgress>(), cancellationToken);
    }
}
