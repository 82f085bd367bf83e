using Microsoft.Extensions.Logging;
using Tclr.Data;
using Tclr.Evaluation;

namespace Tclr.Cli;

/// <summary>Measures the encoder of <c>tclr pretrain</c> on labeled videos.</summary>
internal static class TrainingMonitor
{
    private const string IndexFile = "monitor.index";
    private const string MetricsFile = "monitor.jsonl";
    private const int Clips = 2;

    /// <summary>Creates the monitor; <see langword="null"/> without <c>--monitor</c>.</summary>
    public static async Task<KnnMonitor?> CreateAsync(PretrainOptions options, TclrRecipe recipe, IVideoReader reader, ILogger logger, CancellationToken cancellationToken)
    {
        if (options.Monitor is not { } folder)
        {
            return options.MonitorEvery is null ? null : throw new UsageException("--monitor-every: expected with --monitor");
        }

        var sampler = recipe.Clips.CreateTestSampler(Clips);
        var scanning = new VideoIndexOptions { MinimumFrames = sampler.MinimumFrames, Reader = reader, CachePath = Path.Combine(options.Output, IndexFile) };
        var videos = await ProgressDisplay.RunAsync(display => VideoSet.ScanAsync(VideoDatasets.Folder(folder), scanning, display, cancellationToken));
        var loading = options.Workers is { } workers ? new ClipLoaderOptions { Workers = workers } : new ClipLoaderOptions();
        return KnnMonitor.Create(videos, reader, sampler, recipe.Clips.CreateTestAugmentation(), new KnnMonitorOptions
        {
            EveryEpochs = options.MonitorEvery ?? 1,
            MetricsPath = Path.Combine(options.Output, MetricsFile),
            Progress = new Callback<KnnMeasurement>(measured => Terminal.Note($"Epoch {measured.Epoch}: kNN accuracy {100 * measured.Top1:0.0} % (equal features: {100 * measured.Chance:0.0} %), deviation of features {measured.FeatureDeviation:0.000}")),
            Logger = logger,
            Cancellation = cancellationToken,
        }, loading);
    }

    /// <summary>Adds the monitor to the trainer, if there is one.</summary>
    public static TclrTrainer Build(this TclrTrainerBuilder builder, KnnMonitor? monitor)
    {
        var trainer = (monitor is null ? builder : builder.AddMetricsSink(monitor)).Build();
        monitor?.Attach(trainer.Encoder);
        return trainer;
    }
}
