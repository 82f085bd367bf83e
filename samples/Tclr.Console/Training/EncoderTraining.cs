using System.Diagnostics;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Cli;

/// <summary>An encoder after training, or with random weights.</summary>
/// <param name="Trainer">Its trainer; disposed with this.</param>
/// <param name="Progress">The steps of this run.</param>
/// <param name="Summary">What became of the videos; empty without training.</param>
/// <param name="StepTime">Median time of a step in the last third of the run: in the first seconds, code is still being compiled and optimized.</param>
/// <param name="IsComplete">False if the time was over before the last step.</param>
internal sealed record TrainedEncoder(TclrTrainer Trainer, IReadOnlyList<TrainingProgress> Progress, string Summary, TimeSpan StepTime, bool IsComplete) : IDisposable
{
    public void Dispose() => Trainer.Dispose();
}

/// <summary>Trains an encoder of demo and ablation by a recipe, or leaves it at its random weights.</summary>
/// <param name="name">Its name in messages.</param>
/// <param name="recipe">The recipe.</param>
/// <param name="videos">The training videos.</param>
/// <param name="folder">Folder for checkpoints and metrics; <see langword="null"/> to keep none.</param>
/// <param name="reader">Decodes the videos.</param>
internal sealed class EncoderTraining(string name, TclrRecipe recipe, VideoIndex videos, string? folder, IVideoReader reader)
{
    private readonly List<TrainingProgress> seen = [];
    private readonly List<long> times = [];

    /// <summary>Whether to train.</summary>
    public bool IsTrained { get; init; } = true;

    /// <summary>Whether to go on from the newest checkpoint in the folder.</summary>
    public bool Resume { get; init; }

    /// <summary>The longest time to train, after which the encoder is taken as it is; <see langword="null"/> for no limit.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Trains.</summary>
    /// <exception cref="StoppedException">It was stopped; a checkpoint is saved.</exception>
    public async Task<TrainedEncoder> RunAsync(ProgressDisplay display, string howToResume, CancellationToken cancellationToken)
    {
        int batch = Math.Min(recipe.BatchSize, videos.Items.Count);
        var loader = new ClipLoader(videos, reader, recipe.Clips.CreateSampler(), recipe.Clips.CreateAugmentation());
        var trainer = Build(loader, batch, display);
        if (!IsTrained)
        {
            return new TrainedEncoder(trainer, seen, string.Empty, TimeSpan.Zero, IsComplete: true);
        }

        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (Limit is { } limit)
            {
                stop.CancelAfter(limit > TimeSpan.Zero ? limit : TimeSpan.Zero);
            }

            times.Add(Stopwatch.GetTimestamp());
            var result = await trainer.TrainAsync(stop.Token);
            if (!result.Completed && cancellationToken.IsCancellationRequested)
            {
                string saved = result.Checkpoint is { } checkpoint ? $" The checkpoint is {checkpoint}" : string.Empty;
                throw new StoppedException(FormattableString.Invariant($"{name}: stopped at step {result.Step}. {howToResume}{saved}"));
            }

            return new TrainedEncoder(trainer, seen, RunSummary.Of(result, loader, batch), StepTime(), result.Completed);
        }
        catch
        {
            trainer.Dispose();
            throw;
        }
    }

    private TclrTrainer Build(ClipLoader loader, int batch, ProgressDisplay display)
    {
        var builder = new TclrTrainerBuilder().UseRecipe(recipe).UseClips(loader).WithBatchSize(batch);
        if (!IsTrained)
        {
            return builder.Build();
        }

        ProgressDisplay.Bar? bar = null;
        builder.ReportTo(new Callback<TrainingProgress>(step =>
        {
            seen.Add(step);
            times.Add(Stopwatch.GetTimestamp());
            bar ??= display.Add($"{name}: training", step.TotalSteps, step.Step - 1);
            bar.Report(step.Step, FormattableString.Invariant($"loss {step.Loss:0.00}, {step.ClipsPerSecond:0} clips/s"));
        }));
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            builder.CheckpointTo(Path.Combine(folder, "checkpoints")).WriteMetricsTo(Path.Combine(folder, "metrics.jsonl"));
        }

        return (Resume ? builder.Resume() : builder).Build();
    }

    private TimeSpan StepTime()
    {
        TimeSpan[] steps = [.. times.Zip(times.Skip(1), Stopwatch.GetElapsedTime).Skip(2 * (times.Count - 1) / 3).Order()];
        return steps.Length > 0 ? steps[steps.Length / 2] : Stopwatch.GetElapsedTime(times[0]);
    }
}
