using Tclr.Core;
using Tclr.Data;
using Tclr.Distributed;
using Tclr.Weights;

namespace Tclr.Cli;

/// <summary>Videos and a recipe to checkpoints.</summary>
internal sealed class PretrainRun(PretrainOptions options)
{
    private const string RecipeFile = "recipe.json";
    private const string IndexFile = "videos.index";

    private readonly ConsoleLogger logger = new();
    private Action<TrainingProgress> show = _ => { };

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = new StopSignal(cancellationToken);
        using var ranks = Collectives.FromLauncher(options.TimeLimit is { } minutes ? new CollectiveOptions { TimeLimit = TimeSpan.FromMinutes(minutes) } : null);
        if (ranks.Rank > 0)
        {
            Terminal.Mute();
        }

        var (run, index, loader, monitor, folder) = await RankedSetup.FirstThenOthersAsync(ranks, () => SetUpAsync(ranks.Rank == 0, stop.Token));
        using var mine = folder;
        using var trainer = Build(run, loader, monitor, ranks);
        if (ranks.Rank == 0)
        {
            run.Save(Path.Combine(options.Output, RecipeFile));
        }

        int samples = run.BatchSize * run.Accumulation;
        Terminal.Note($"{run.Name}: {index.Items.Count} videos, {trainer.TotalSteps} steps of {samples}, from step {trainer.Step}, {trainer.Precision} on {options.Device}{(ranks.Size > 1 ? FormattableString.Invariant($", {ranks.Size} processes") : string.Empty)}. Output: {options.Output}");
        var result = await TrainingView.RunAsync(trainer.Step, trainer.TotalSteps, view =>
        {
            show = view.Report;
            return trainer.TrainAsync(stop.Token);
        });
        Terminal.Note($"{RunSummary.Of(result, loader, samples)}");
        if (!result.Completed)
        {
            throw new StoppedException(FormattableString.Invariant($"Stopped at step {result.Step} of {trainer.TotalSteps}. Go on with --resume; the checkpoint is {result.Checkpoint}"));
        }

        Terminal.Say($"Done: {result.Step} steps. Checkpoint: {result.Checkpoint}");
    }

    // The folder is locked by the process that writes into it.
    private async Task<(TclrRecipe Recipe, VideoIndex Index, ClipLoader Loader, Evaluation.KnnMonitor? Monitor, FolderLock? Lock)> SetUpAsync(bool isFirst, CancellationToken cancellationToken)
    {
        if (options.Epochs is not null && options.Steps is not null)
        {
            throw new UsageException("--epochs and --steps: expected one of them, got both");
        }

        var recipe = Recipe();
        options.Dataset.Check(options.Videos);
        if (options.Dataset.Name is not null && options.List is not null)
        {
            throw new UsageException("--dataset and --list: expected one of them, got both");
        }

        var dataset = options.Dataset.Name is not null ? options.Dataset.Find(options.Videos, SplitPart.Train) : options.List is { } list ? VideoDatasets.List(options.Videos, list) : VideoDatasets.Folder(options.Videos);
        var mine = isFirst ? FolderLock.Take(options.Output) : null;
        try
        {
            var reader = Readers.Create(options.Ffmpeg, options.ShortSide, options.Cache);
            var index = await ScanAsync(dataset, recipe, reader, cancellationToken);
            if (recipe.Clips.FitVideos)
            {
                (recipe, var fit) = recipe.FitClips(index.Infos);
                Terminal.Note($"{fit?.Message}");
                recipe = index.Items.Count > 1
                    ? recipe with { BatchSize = options.BatchSize ?? Math.Min(recipe.BatchSize, index.Items.Count) }
                    : throw new UsageException($"--videos: expected 2 videos or more, since the loss compares them, got 1 that can be used in '{options.Videos}'");
            }

            var loading = new ClipLoaderOptions { Logger = logger };
            var loader = new ClipLoader(index, reader, recipe.Clips.CreateSampler(), recipe.Clips.CreateAugmentation(), options.Workers is { } workers ? loading with { Workers = workers } : loading);
            return (recipe, index, loader, isFirst ? await TrainingMonitor.CreateAsync(options, recipe, reader, logger, cancellationToken) : null, mine);
        }
        catch
        {
            mine?.Dispose();
            throw;
        }
    }

    private TclrRecipe Recipe()
    {
        string saved = Path.Combine(options.Output, RecipeFile);
        var ofWeights = RecipeOfWeights();
        var recipe = options.Recipe is { } name ? TclrRecipes.Find(name)
            : options.Resume && File.Exists(saved) ? TclrRecipe.Load(saved)
            : ofWeights ?? TclrRecipes.Tiny();
        return recipe with
        {
            BatchSize = options.BatchSize ?? recipe.BatchSize,
            Seed = options.Seed ?? recipe.Seed,
            Epochs = options.Steps is null ? options.Epochs ?? recipe.Epochs : null,
            Steps = options.Epochs is null ? options.Steps ?? recipe.Steps : null,
            GradientCaching = recipe.GradientCaching || options.MemoryBudget is not null,
            MemoryBudget = options.MemoryBudget * 1_000_000 ?? recipe.MemoryBudget,
        };
    }

    // Weights that are not there are an error before videos are opened. Of a weight file only its owner knows the recipe.
    private TclrRecipe? RecipeOfWeights()
        => options.From is { } from && !WeightFile.Exists(from) && Checkpoint.Find(from) is { Recipe: not null } checkpoint ? TclrRecipe.Of(checkpoint) : null;

    private Task<VideoIndex> ScanAsync(VideoDataset dataset, TclrRecipe recipe, IVideoReader reader, CancellationToken cancellationToken)
    {
        var scanning = new VideoIndexOptions { MinimumFrames = recipe.Clips.CreateSampler().MinimumFrames, Reader = reader, CachePath = Path.Combine(options.Output, IndexFile), MaximumFaultyShare = options.MaximumFaulty ?? new VideoIndexOptions().MaximumFaultyShare };
        return ProgressDisplay.RunAsync(display => VideoSet.ScanAsync(dataset, scanning, display, cancellationToken));
    }

    private TclrTrainer Build(TclrRecipe recipe, ClipLoader loader, Evaluation.KnnMonitor? monitor, ICollective ranks)
    {
        var builder = new TclrTrainerBuilder()
            .UseRecipe(recipe)
            .UseClips(loader)
            .OnDevice(TorchRuntime.ParseDevice(options.Device))
            .Across(ranks)
            .SaveTo(options.Output, options.CheckpointEvery)
            .ReportTo(new Callback<TrainingProgress>(step => show(step)))
            .LogTo(logger);
        if (options.Threads is { } threads)
        {
            builder.WithThreads(threads);
        }

        builder = options.Resume ? builder.Resume() : builder;
        return options.From is { } from
            ? options.Weights.Load(from, weights => builder.UseWeights(from, WeightFile.Exists(from) ? weights : null).Build(monitor))
            : builder.Build(monitor);
    }
}
