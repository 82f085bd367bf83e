using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tclr.Core;
using Tclr.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Measures the encoder during pre-training with <see cref="KnnClassifier"/> on labeled videos, which shows progress and collapse without training a classifier.</summary>
/// <remarks>
/// It is a metrics sink: add it to the builder, and attach the encoder of the trainer. It measures after complete epochs, on the
/// training thread, while training waits. It changes neither weights nor random numbers, so a run with it is bit-identical to one without.
/// </remarks>
/// <example><code>
/// var monitor = KnnMonitor.Create(labeled, reader, ClipSamplers.Uniform(clips: 2, clipLength: 16, stride: 2), Augmentations.Evaluation(112));
/// using var trainer = new TclrTrainerBuilder().UseRecipe(recipe).FromVideos(index, recipe).AddMetricsSink(monitor).Build();
/// monitor.Attach(trainer.Encoder);
/// await trainer.TrainAsync();
/// </code></example>
public sealed class KnnMonitor : IMetricsSink
{
    private readonly IVideoClips gallery;
    private readonly IVideoClips queries;
    private readonly int[] galleryLabels;
    private readonly int[] queryLabels;
    private readonly KnnMonitorOptions options;
    private readonly double chance;
    private readonly List<KnnMeasurement> measurements = [];
    private IVideoEncoder? encoder;
    private bool alarmed;

    /// <summary>Creates a monitor.</summary>
    /// <param name="gallery">The labeled neighbors.</param>
    /// <param name="galleryLabels">Their classes, from 0.</param>
    /// <param name="queries">The videos to classify.</param>
    /// <param name="queryLabels">Their classes.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">There is no video, the numbers of labels differ, a label is negative, or an option is out of its range.</exception>
    public KnnMonitor(IVideoClips gallery, IReadOnlyList<int> galleryLabels, IVideoClips queries, IReadOnlyList<int> queryLabels, KnnMonitorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(queries);
        this.options = options ?? new KnnMonitorOptions();
        OptionChecker.ThrowIfInvalid(this.options.Check, nameof(options));
        InputCheck.Labels(galleryLabels, Math.Max(gallery.Samples.Count, 1), nameof(KnnMonitor), nameof(galleryLabels), int.MaxValue);
        InputCheck.Labels(queryLabels, Math.Max(queries.Samples.Count, 1), nameof(KnnMonitor), nameof(queryLabels), int.MaxValue);
        (this.gallery, this.queries) = (gallery, queries);
        (this.galleryLabels, this.queryLabels) = ([.. galleryLabels], [.. queryLabels]);
        Output = this.options.MetricsPath is { } path ? Path.GetFullPath(path) : null;

        // The accuracy of a collapsed encoder: with equal features, all videos get the largest class.
        int most = galleryLabels.GroupBy(label => label).MaxBy(group => group.Count())!.Key;
        chance = (double)queryLabels.Count(label => label == most) / queryLabels.Count;
    }

    /// <inheritdoc/>
    public string? Output { get; }

    /// <summary>The measurements so far, in the order of the epochs.</summary>
    public IReadOnlyList<KnnMeasurement> Measurements => measurements;

    /// <summary>Creates a monitor of labeled videos: every second video of each class is classified by the others.</summary>
    /// <param name="videos">The videos; two or more of each class.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="sampler">The clip sampler, which must be deterministic.</param>
    /// <param name="augmentation">The preprocessing that the encoder is trained for, which must be deterministic.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="loading">Settings of the loader; <see langword="null"/> for the defaults.</param>
    /// <returns>The monitor.</returns>
    /// <exception cref="ArgumentException">There are fewer than two classes or two videos of a class, sampler or augmentation is random, or an option is out of its range.</exception>
    /// <exception cref="VideoDataException">Videos are shorter than a clip.</exception>
    public static KnnMonitor Create(
        VideoIndex videos, IVideoReader reader, IClipSampler sampler, IClipAugmentation augmentation, KnnMonitorOptions? options = null, ClipLoaderOptions? loading = null)
    {
        ArgumentNullException.ThrowIfNull(videos);
        var classes = videos.Items.GroupBy(item => item.ClassIndex).ToList();
        if (classes.Count < 2 || classes.Find(group => group.Count() < 2) is not null)
        {
            string got = classes.Count < 2 ? FormattableString.Invariant($"{classes.Count} classes") : $"one video of '{classes.First(group => group.Count() < 2).First().Label}'";
            throw new ArgumentException($"KnnMonitor: expected two classes or more with two videos each or more, got {got}", nameof(videos));
        }

        var second = classes.SelectMany(group => group.Where((_, place) => place % 2 == 1)).ToHashSet();
        var (gallery, queries) = (videos.Where(item => !second.Contains(item)), videos.Where(second.Contains));
        return new KnnMonitor(
            new VideoClips(gallery, reader, sampler, augmentation, loading), [.. gallery.Items.Select(item => item.ClassIndex)],
            new VideoClips(queries, reader, sampler, augmentation, loading), [.. queries.Items.Select(item => item.ClassIndex)],
            options);
    }

    /// <summary>Sets the encoder to measure, before training starts.</summary>
    /// <param name="encoder">The encoder, usually <see cref="TclrTrainer.Encoder"/>; not disposed.</param>
    public void Attach(IVideoEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        this.encoder = encoder;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException"><see cref="Attach"/> was not called.</exception>
    public void Begin(long step)
    {
        if (encoder is null)
        {
            throw new InvalidOperationException("KnnMonitor has no encoder: call Attach(trainer.Encoder) after Build().");
        }

        measurements.RemoveAll(measurement => measurement.Step > step);
        if (Output is not null && File.Exists(Output))
        {
            // A new run starts a new file; a resumed one keeps what was measured before its checkpoint.
            WriteLines(File.ReadLines(Output).Where(line => step > 0 && StepOf(line) <= step));
        }
    }

    /// <inheritdoc/>
    public void WriteStep(TrainingProgress step)
    {
    }

    /// <inheritdoc/>
    public void WriteEpoch(EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        if ((epoch.Epoch + 1) % options.EveryEpochs != 0 || options.Cancellation.IsCancellationRequested)
        {
            return;
        }

        KnnMeasurement measured;
        try
        {
            measured = Measure(epoch);
        }
        catch (OperationCanceledException) when (options.Cancellation.IsCancellationRequested)
        {
            return;
        }

        measurements.Add(measured);
        if (Output is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Output)!);
            File.AppendAllText(Output, Line(measured) + "\n");
        }

        if (measured.Alarm is { } alarm && !alarmed)
        {
            options.Logger.KnnAlarm(epoch.Epoch, alarm);
        }

        alarmed = measured.Alarm is not null;
        options.Progress?.Report(measured);
    }

    private KnnMeasurement Measure(EpochResult epoch)
    {
        var extractor = new FeatureExtractor(encoder!);
        using var known = extractor.ExtractAsync(gallery, options.BatchSize, cancellationToken: options.Cancellation).GetAwaiter().GetResult();
        using var asked = extractor.ExtractAsync(queries, options.BatchSize, cancellationToken: options.Cancellation).GetAwaiter().GetResult();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var all = cat([known.Values, asked.Values], 0);
        if (!all.isfinite().all().ToBoolean())
        {
            return new KnnMeasurement(epoch.Step, epoch.Epoch, 0, chance, 0) { Alarm = "the features are not finite" };
        }

        var result = KnnClassifier.Evaluate(asked.Values, queryLabels, known.Values, galleryLabels, options.Knn, cancellationToken: options.Cancellation);
        double deviation = Deviation(all);
        return new KnnMeasurement(epoch.Step, epoch.Epoch, result.Accuracy, chance, deviation)
        {
            Alarm = deviation < options.MinimumDeviation
                ? FormattableString.Invariant($"the features have nearly collapsed: their deviation is {deviation:0.0000}, expected {options.MinimumDeviation} or more")
                : result.Accuracy <= chance
                    ? FormattableString.Invariant($"the kNN accuracy of {100 * result.Accuracy:0.0} % is not above the {100 * chance:0.0} % of equal features")
                    : null,
        };
    }

    /// <summary>Standard deviation of the unit vectors over the videos, as a root mean square over the dimensions, relative to <c>1 / sqrt(D)</c>: <c>sqrt(1 - |mean|^2)</c>.</summary>
    internal static double Deviation(Tensor features)
    {
        using var scope = NewDisposeScope();
        var unit = nn.functional.normalize(features.to(ScalarType.Float64), 2, 1, 1e-12);
        return Math.Sqrt(unit.var(0, unbiased: false).sum().ToDouble());
    }

    private static string Line(KnnMeasurement measured) => JsonSerializer.Serialize(
        new OrderedDictionary<string, object>(StringComparer.Ordinal)
        {
            [MetricNames.Step] = measured.Step,
            [MetricNames.Epoch] = measured.Epoch,
            ["knn_top1"] = measured.Top1,
            ["knn_chance"] = measured.Chance,
            ["feature_deviation"] = measured.FeatureDeviation,
        },
        TclrJson.Compact);

    private static long StepOf(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty(MetricNames.Step).GetInt64();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // An incomplete line, left by a killed process.
            return long.MaxValue;
        }
    }

    private void WriteLines(IEnumerable<string> lines)
    {
        string[] kept = [.. lines];
        AtomicFile.Write(Output!, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            Array.ForEach(kept, writer.WriteLine);
        });
    }
}

/// <summary>A measurement of <see cref="KnnMonitor"/>.</summary>
/// <param name="Step">Number of training steps done.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Top1">Accuracy of the kNN classifier, 0 to 1.</param>
/// <param name="Chance">Accuracy of a collapsed encoder, 0 to 1: the fraction of the largest class.</param>
/// <param name="FeatureDeviation">Standard deviation of the features at unit length, 0 (all equal) to 1 (their mean is 0).</param>
public sealed record KnnMeasurement(long Step, int Epoch, double Top1, double Chance, double FeatureDeviation)
{
    /// <summary>The reason for an alarm, such as a collapse; <see langword="null"/> if there is none.</summary>
    public string? Alarm { get; init; }
}

internal static partial class KnnMonitorLog
{
    [LoggerMessage(1, LogLevel.Warning, "After epoch {Epoch} {Alarm}.")]
    public static partial void KnnAlarm(this ILogger logger, int epoch, string alarm);
}
