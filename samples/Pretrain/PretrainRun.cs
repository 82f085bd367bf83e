using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Samples.Pretrain;

/// <summary>Videos and a recipe to checkpoints.</summary>
internal sealed class PretrainRun(PretrainOptions options)
{
    private const string RecipeFile = "recipe.json";
    private const string IndexFile = "videos.index";
    private const int LinesEvery = 10;
    private const int SecondsBetweenLines = 5;

    private readonly StepReport steps = new();

    /// <summary>Trains; false if it was stopped before its end.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var recipe = Recipe();
        using var mine = FolderLock.Take(options.Output);
        var reader = Reader();
        var index = await ScanAsync(recipe, reader, cancellationToken);
        var logger = new ConsoleLogger();
        var loader = new ClipLoader(index, reader, recipe.Clips.CreateSampler(), recipe.Clips.CreateAugmentation(), Loading(logger));
        using var trainer = Build(recipe, loader, logger);
        recipe.Save(Path.Combine(options.Output, RecipeFile));
        AnsiConsole.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[gray]{recipe.Name}: {index.Items.Count} videos, {trainer.TotalSteps} steps of {recipe.BatchSize * recipe.Accumulation}, from step {trainer.Step}, {trainer.Precision} on {options.Device}. Output: {options.Output}[/]");
        var result = await TrainAsync(trainer, cancellationToken);
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[gray]{RunSummary.Of(result, loader, recipe.BatchSize * recipe.Accumulation)}[/]");
        if (!result.Completed)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Stopped at step {result.Step} of {trainer.TotalSteps}. Go on with --resume; the checkpoint is {result.Checkpoint}[/]");
            return false;
        }

        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Done: {result.Step} steps. Checkpoint: {result.Checkpoint}");
        return true;
    }

    private async Task<TrainingResult> TrainAsync(TclrTrainer trainer, CancellationToken cancellationToken)
    {
        // A bar that is drawn over and over is for a screen; a file gets a line now and then.
        if (Terminal.IsPlain)
        {
            steps.Show = step =>
            {
                if (step.Step % LinesEvery == 0 || step.Step == step.TotalSteps)
                {
                    AnsiConsole.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"step {step.Step}/{step.TotalSteps} {Describe(step)} {step.Remaining:d\\.hh\\:mm\\:ss} to go"));
                }
            };
            return await trainer.TrainAsync(cancellationToken);
        }

        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("training", maxValue: trainer.TotalSteps);
                task.Value(trainer.Step);
                steps.Show = step => task.Value(step.Step).Description(Describe(step));
                return await trainer.TrainAsync(cancellationToken);
            });
    }

    private static string Describe(TrainingProgress step) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {step.Epoch} loss {step.Loss:0.00} lr {step.LearningRate:0.0e0} {step.ClipsPerSecond:0} clips/s wait {step.DataWait.TotalMilliseconds:0} ms{(step.DeviceShare is { } share ? FormattableString.Invariant($" {share:0 %} of peak") : string.Empty)}{(step.Alarms == TrainingAlarms.None ? string.Empty : $" [red]{step.Alarms}[/]")}");

    private IVideoReader Reader()
    {
        var reader = new OpenCvVideoReader(new OpenCvVideoReaderOptions { ShortSide = options.ShortSide });
        return options.Ffmpeg ? new FallbackVideoReader(reader, new FfmpegVideoReader(new FfmpegVideoReaderOptions { ShortSide = options.ShortSide })) : reader;
    }

    private TclrRecipe Recipe()
    {
        string saved = Path.Combine(options.Output, RecipeFile);
        var recipe = options.Recipe is null && options.Resume && File.Exists(saved)
            ? TclrRecipe.Load(saved)
            : TclrRecipes.Find(options.Recipe ?? "tiny");
        return recipe with
        {
            BatchSize = options.BatchSize ?? recipe.BatchSize,
            Seed = options.Seed ?? recipe.Seed,
            Epochs = options.Steps is null ? options.Epochs ?? recipe.Epochs : null,
            Steps = options.Epochs is null ? options.Steps ?? recipe.Steps : null,
            GradientCaching = recipe.GradientCaching || options.MemoryBudgetMegabytes is not null,
            MemoryBudget = options.MemoryBudgetMegabytes * 1_000_000 ?? recipe.MemoryBudget,
        };
    }

    private async Task<VideoIndex> ScanAsync(TclrRecipe recipe, IVideoReader reader, CancellationToken cancellationToken)
    {
        var dataset = options.List is { } list ? VideoDatasets.List(options.Videos, list) : VideoDatasets.Folder(options.Videos);
        var index = await VideoIndex.ScanAsync(
            dataset,
            new VideoIndexOptions { MinimumFrames = recipe.Clips.CreateSampler().MinimumFrames, Reader = reader, CachePath = Path.Combine(options.Output, IndexFile) },
            Scanning(),
            cancellationToken);
        foreach (var faulty in index.Faulty)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Left out {faulty.Path}: {faulty.Reason}[/]");
        }

        foreach (var incomplete in index.Incomplete)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Stops early {incomplete.Path}: {incomplete}[/]");
        }

        return index;
    }

    // A line now and then while there is much to look through.
    private static Progress<VideoScanProgress> Scanning()
    {
        long last = Stopwatch.GetTimestamp();
        return new Progress<VideoScanProgress>(scan =>
        {
            if (Stopwatch.GetElapsedTime(Interlocked.Read(ref last)).TotalSeconds >= SecondsBetweenLines)
            {
                Interlocked.Exchange(ref last, Stopwatch.GetTimestamp());
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[gray]Looking through the videos: {scan.Done + scan.UnderWay:0.0} of {scan.Total}, {scan.Faulty} faulty[/]");
            }
        });
    }

    private ClipLoaderOptions Loading(ILogger logger)
        => options.Workers is { } workers ? new ClipLoaderOptions { Workers = workers, Logger = logger } : new ClipLoaderOptions { Logger = logger };

    private TclrTrainer Build(TclrRecipe recipe, ClipLoader loader, ILogger logger)
    {
        var builder = new TclrTrainerBuilder()
            .UseRecipe(recipe)
            .UseClips(loader)
            .OnDevice(TorchRuntime.ParseDevice(options.Device))
            .SaveTo(options.Output, options.CheckpointEvery)
            .ReportTo(steps)
            .LogTo(logger);
        if (options.Weights is { } weights)
        {
            builder.UseWeights(weights);
        }

        if (options.Threads is { } threads)
        {
            builder.WithThreads(threads);
        }

        return (options.Resume ? builder.Resume() : builder).Build();
    }
}
