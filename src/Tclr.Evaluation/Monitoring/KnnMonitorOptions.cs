using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tclr.Evaluation;

/// <summary>Settings of <see cref="KnnMonitor"/>.</summary>
public sealed record KnnMonitorOptions
{
    /// <summary>Number of epochs between measurements.</summary>
    /// <value>1 or more. The default value is 1: after each epoch.</value>
    public int EveryEpochs { get; init; } = 1;

    /// <summary>Settings of the classifier.</summary>
    /// <value>The default value is 200 neighbors with temperature 0.1.</value>
    public KnnOptions Knn { get; init; } = new();

    /// <summary>Smallest standard deviation of the features at unit length; a smaller one is an alarm.</summary>
    /// <value>In [0, 1]. The default value is 0.01.</value>
    public double MinimumDeviation { get; init; } = 0.01;

    /// <summary>Number of videos in a batch.</summary>
    /// <value>1 or more. The default value is 4.</value>
    public int BatchSize { get; init; } = 4;

    /// <summary>File of JSON lines for the measurements, with <c>step</c>, <c>epoch</c>, <c>knn_top1</c>, <c>knn_chance</c> and <c>feature_deviation</c>; <see cref="TrainingMetrics"/> reads it.</summary>
    /// <value>The default value is <see langword="null"/>: none is written.</value>
    public string? MetricsPath { get; init; }

    /// <summary>Receives each measurement, on the training thread.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public IProgress<KnnMeasurement>? Progress { get; init; }

    /// <summary>Receives a warning when an alarm is raised.</summary>
    /// <value>The default value logs nothing.</value>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Skips measurements once training is canceled. Pass the token of the training.</summary>
    /// <value>The default value is none.</value>
    public CancellationToken Cancellation { get; init; }

    internal void Check(OptionChecker check)
    {
        check.AtLeast(EveryEpochs, 1);
        check.AtLeast(BatchSize, 1);
        check.Between(MinimumDeviation, 0, 1);
        check.Require(Knn is not null, Knn, "settings such as new KnnOptions()");
        Knn?.Check(check);
    }
}
