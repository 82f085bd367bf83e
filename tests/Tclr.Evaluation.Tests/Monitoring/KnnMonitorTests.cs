using Tclr.Core;
using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class KnnMonitorTests
{
    private static readonly IReadOnlyDictionary<string, double> NoTerms = new Dictionary<string, double>(StringComparer.Ordinal);

    private TemporaryFolder folder = null!;
    private VideoEncoder encoder = null!;

    [SetUp]
    public void Create()
    {
        manual_seed(5);
        encoder = VideoEncoders.SmallR3D();
        folder = new TemporaryFolder();
    }

    [TearDown]
    public void Delete()
    {
        encoder.Dispose();
        folder.Dispose();
    }

    [Test]
    public void It_measures_what_the_classifier_gives_at_the_chosen_epochs()
    {
        var heard = new List<KnnMeasurement>();
        var monitor = Monitor(new KnnMonitorOptions { EveryEpochs = 2, MetricsPath = folder["run/knn.jsonl"], Progress = new Callback<KnnMeasurement>(heard.Add) });
        monitor.Begin(0);
        for (int epoch = 0; epoch < 4; epoch++)
        {
            monitor.WriteEpoch(Epoch(epoch));
        }

        Assert.That(heard.Select(measured => (measured.Step, measured.Epoch)), Is.EqualTo(new[] { (20L, 1), (40L, 3) }));
        Assert.That(monitor.Measurements, Is.EqualTo(heard));
        Assert.That(heard[0].Top1, Is.EqualTo(1), "colors are far apart, also for random weights");
        Assert.That(heard[0].Chance, Is.EqualTo(1 / 3.0).Within(1e-12));
        Assert.That(heard[0].Alarm, Is.Null);
        Assert.That(encoder.training, "the mode is given back");
        var metrics = TrainingMetrics.Read(folder["run/knn.jsonl"]);
        Assert.That(metrics["knn_top1"], Is.EqualTo(new[] { (20.0, 1.0), (40.0, 1.0) }));
        Assert.That(metrics["feature_deviation"].Select(point => point.Value), Is.EqualTo(heard.Select(measured => measured.FeatureDeviation)).Within(1e-12));
    }

    [Test]
    public void A_collapsed_encoder_raises_one_alarm_until_it_recovers()
    {
        var log = new ListLogger();
        var monitor = Monitor(new KnnMonitorOptions { Logger = log });
        monitor.Begin(0);
        using (var sample = encoder.state_dict()["stem.1.weight"].clone())
        {
            Set(0);
            monitor.WriteEpoch(Epoch(0));
            monitor.WriteEpoch(Epoch(1));
            using (no_grad())
            {
                encoder.state_dict()["stem.1.weight"].copy_(sample).DetachFromDisposeScope();
            }

            monitor.WriteEpoch(Epoch(2));
            Set(double.NaN);
            monitor.WriteEpoch(Epoch(3));
        }

        Assert.That(monitor.Measurements.Select(measured => measured.Alarm is not null), Is.EqualTo(new[] { true, true, false, true }));
        Assert.That(log.Lines, Has.Count.EqualTo(2));
        Assert.That(log.Lines[0], Does.StartWith("Warning: After epoch 0 the features have nearly collapsed: their deviation is 0.0000, expected 0.01 or more"));
        Assert.That(log.Lines[1], Does.StartWith("Warning: After epoch 3 the features are not finite"));

        void Set(double value)
        {
            using var noGrad = no_grad();
            encoder.state_dict()["stem.1.weight"].fill_(value);
        }
    }

    [Test]
    public void Accuracy_at_chance_is_an_alarm()
    {
        // All queries are of the largest class: no accuracy is above that of equal features.
        var (known, asked) = (new ColoredVideos("train", 3), new ColoredVideos("test", 3));
        var monitor = new KnnMonitor(known, [0, 1, 1], asked, [1, 1, 1]);
        monitor.Attach(encoder);
        monitor.Begin(0);

        monitor.WriteEpoch(Epoch(0));

        Assert.That(monitor.Measurements[0].Chance, Is.EqualTo(1));
        Assert.That(monitor.Measurements[0].Alarm, Does.StartWith("the kNN accuracy of ").And.EndsWith(" % is not above the 100.0 % of equal features"));
    }

    [Test]
    public void The_deviation_is_that_of_unit_vectors()
    {
        using var scope = NewDisposeScope();
        var features = Golden.Hash(3, 20, 5) + 0.3;
        double[][] rows = [.. features.data<double>().ToArray().Chunk(5).Select(row => row.Select(value => value / Math.Sqrt(row.Sum(x => x * x))).ToArray())];
        double[] mean = [.. Enumerable.Range(0, 5).Select(d => rows.Average(row => row[d]))];

        double deviation = KnnMonitor.Deviation(features);

        Assert.That(deviation, Is.EqualTo(Math.Sqrt(Enumerable.Range(0, 5).Sum(d => rows.Average(row => (row[d] - mean[d]) * (row[d] - mean[d]))))).Within(1e-12));
        Assert.That(deviation, Is.EqualTo(Math.Sqrt(1 - mean.Sum(x => x * x))).Within(1e-12));
        Assert.That(KnnMonitor.Deviation(ones([4, 3])), Is.Zero.Within(1e-7));
    }

    [Test]
    public void A_resumed_run_keeps_what_came_before_its_checkpoint_and_a_new_one_starts_anew()
    {
        File.WriteAllText(folder["knn.jsonl"], "{\"step\":10,\"knn_top1\":0.5}\n{\"step\":20,\"knn_top1\":0.6}\n{\"step\":3");
        var options = new KnnMonitorOptions { MetricsPath = folder["knn.jsonl"] };

        var resumed = Monitor(options);
        resumed.Begin(10);
        resumed.WriteEpoch(Epoch(1));
        Assert.That(TrainingMetrics.Read(folder["knn.jsonl"])["knn_top1"], Is.EqualTo(new[] { (10.0, 0.5), (20.0, 1.0) }));

        var anew = Monitor(options);
        anew.Begin(0);
        anew.WriteEpoch(Epoch(0));
        Assert.That(TrainingMetrics.Read(folder["knn.jsonl"])["knn_top1"], Is.EqualTo(new[] { (10.0, 1.0) }));
    }

    [Test]
    public void A_rollback_forgets_later_measurements_and_a_canceled_training_is_not_measured()
    {
        using var source = new CancellationTokenSource();
        var monitor = Monitor(new KnnMonitorOptions { Cancellation = source.Token });
        monitor.Begin(0);
        monitor.WriteEpoch(Epoch(0));
        monitor.WriteEpoch(Epoch(1));
        monitor.Begin(10);
        Assert.That(monitor.Measurements.Select(measured => measured.Epoch), Is.EqualTo(new[] { 0 }));

        source.Cancel();
        monitor.WriteEpoch(Epoch(1));
        Assert.That(monitor.Measurements, Has.Count.EqualTo(1));
    }

    [Test]
    public void Wrong_input_is_named() => Assert.Multiple(() =>
    {
        var (known, asked) = (new ColoredVideos("train", 3), new ColoredVideos("test", 3));
        Assert.That(() => new KnnMonitor(known, [0, 1], asked, [0, 1, 2]), Throws.ArgumentException.With.Message.Contains("expected 3 galleryLabels, got 2"));
        Assert.That(() => new KnnMonitor(new ColoredVideos("none", 0), [], asked, [0, 1, 2]), Throws.ArgumentException.With.Message.Contains("expected 1 galleryLabels, got 0"));
        Assert.That(
            () => new KnnMonitor(known, [0, 1, 2], asked, [0, 1, 2], new KnnMonitorOptions { EveryEpochs = 0, MinimumDeviation = 2, Knn = new() { Temperature = 0 } }),
            Throws.ArgumentException.With.Message.Matches("EveryEpochs.*MinimumDeviation.*Temperature"));
        Assert.That(() => new KnnMonitor(known, [0, 1, 2], asked, [0, 1, 2]).Begin(0), Throws.InvalidOperationException.With.Message.Contains("call Attach(trainer.Encoder)"));
    });

    private static EpochResult Epoch(int epoch) => new(epoch, 10 * (epoch + 1), 1, NoTerms);

    private KnnMonitor Monitor(KnnMonitorOptions options)
    {
        var (known, asked) = (new ColoredVideos("train", 12), new ColoredVideos("test", 6));
        var monitor = new KnnMonitor(known, [.. Enumerable.Range(0, 12).Select(i => i % 3)], asked, [.. Enumerable.Range(0, 6).Select(i => i % 3)], options);
        monitor.Attach(encoder);
        return monitor;
    }
}
