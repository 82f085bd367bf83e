using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class LinearProbeTests : ScopedTests
{
    public static IEnumerable<TestCaseData> Protocols =>
    [
        new(LinearProbeOptions.Tclr) { TestName = "TCLR" },
        new(LinearProbeOptions.Cvrl) { TestName = "CVRL" },
        new(LinearProbeOptions.DualVar) { TestName = "DualVar" },
    ];

    [TestCaseSource(nameof(Protocols))]
    public void A_separable_set_is_learned(LinearProbeOptions options)
    {
        var (training, trainingLabels) = Set(60, seed: 1);
        var (test, testLabels) = Set(30, seed: 2);

        var result = LinearProbe.Train(training, trainingLabels, test, testLabels, options);

        Assert.Multiple(() =>
        {
            Assert.That(result.Accuracy, Is.EqualTo(1));
            Assert.That(result.Predictions, Is.EqualTo(testLabels));
            Assert.That(result.Labels, Is.EqualTo(testLabels));
            Assert.That(result.Epochs[^1].Loss, Is.LessThan(result.Epochs[0].Loss));
            Assert.That(result.Epochs[^1].TrainingAccuracy, Is.EqualTo(1));
        });
    }

    [Test]
    public void Full_batches_give_what_gradient_descent_by_hand_gives()
    {
        // Softmax regression without momentum in plain loops, from the same first weights (normal, biases 0).
        var (training, labels) = Set(12, seed: 3);
        double[][] x = [.. training.data<float>().ToArray().Chunk(4).Select(row => row.Select(value => (double)value).ToArray())];
        var options = new LinearProbeOptions
        {
            Optimizer = new SgdOptions { LearningRate = 0.5, Momentum = 0, WeightDecay = 0.01 },
            BatchSize = 100,
            Epochs = 25,
            Schedule = LearningRateSchedules.Constant,
            Initialization = ClassifierInitialization.Normal(1e-12),
        };

        var losses = LinearProbe.Train(training, labels, training, labels, options).Epochs.Select(epoch => epoch.Loss);

        double[,] w = new double[3, 5];
        var expected = new List<double>();
        for (int epoch = 0; epoch < 25; epoch++)
        {
            double[,] gradient = new double[3, 5];
            double loss = 0;
            for (int n = 0; n < x.Length; n++)
            {
                double[] row = [.. x[n], 1];
                double[] powers = [.. Enumerable.Range(0, 3).Select(c => Math.Exp(Enumerable.Range(0, 5).Sum(d => w[c, d] * row[d])))];
                loss -= Math.Log(powers[labels[n]] / powers.Sum()) / x.Length;
                for (int c = 0; c < 3; c++)
                {
                    for (int d = 0; d < 5; d++)
                    {
                        gradient[c, d] += ((powers[c] / powers.Sum()) - (c == labels[n] ? 1 : 0)) * row[d] / x.Length;
                    }
                }
            }

            expected.Add(loss);
            for (int c = 0; c < 3; c++)
            {
                for (int d = 0; d < 5; d++)
                {
                    w[c, d] -= 0.5 * (gradient[c, d] + (0.01 * w[c, d]));
                }
            }
        }

        Assert.That(losses, Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void Lengths_do_not_matter_where_features_are_normalized()
    {
        var (training, labels) = Set(30, seed: 4);
        var scales = Golden.Hash(5, 30, 1).abs().to(ScalarType.Float32) + 0.1f;
        var options = LinearProbeOptions.Cvrl with { Epochs = 3 };

        var once = LinearProbe.Train(training, labels, training, labels, options);
        var scaled = LinearProbe.Train(training * scales, labels, training * 7, labels, options);

        Assert.That(scaled.Epochs.Select(epoch => epoch.Loss), Is.EqualTo(once.Epochs.Select(epoch => epoch.Loss)).Within(1e-4));
        Assert.That(scaled.Predictions, Is.EqualTo(once.Predictions));
    }

    [Test]
    public void The_seed_alone_decides()
    {
        var (training, labels) = Set(40, seed: 6, noise: 3);
        var options = new LinearProbeOptions { Epochs = 4 };
        double[] Losses(ulong seed) => [.. LinearProbe.Train(training, labels, training, labels, options with { Seed = seed }).Epochs.Select(epoch => epoch.Loss)];

        manual_seed(1);
        double[] first = Losses(0);
        manual_seed(2);
        Assert.That(Losses(0), Is.EqualTo(first));
        Assert.That(Losses(1), Is.Not.EqualTo(first));
    }

    [Test]
    public void The_course_follows_the_schedule_until_its_end()
    {
        // Labels by chance and a rate far too high: the loss goes up and down until the plateau's rule ends it.
        var features = Golden.Hash(7, 64, 4).to(ScalarType.Float32) * 10;
        int[] labels = [.. Enumerable.Range(0, 64).Select(i => Golden.HashAt(8, i) > 0 ? 1 : 0)];
        var heard = new List<ClassifierEpoch>();
        var schedule = LearningRateSchedules.Plateau(patience: 3, consecutive: false, stopBelow: 1e-3);

        var result = LinearProbe.Train(features, labels, features, labels, new LinearProbeOptions { Optimizer = new AdamOptions { LearningRate = 1, WeightDecay = 0 }, Epochs = 400, Schedule = schedule }, new Callback<ClassifierEpoch>(heard.Add));

        Assert.That(heard, Is.EqualTo(result.Epochs));
        Assert.That(result.Epochs, Has.Count.LessThan(400));
        foreach (var epoch in result.Epochs)
        {
            Assert.That(schedule.IsFinished(At(epoch.Epoch), 1), Is.False);
            Assert.That(epoch.LearningRate, Is.EqualTo(schedule.Factor(At(epoch.Epoch))));
        }

        Assert.That(schedule.IsFinished(At(result.Epochs.Count), 1));
        Assert.That(result.Epochs[^1].LearningRate, Is.EqualTo(1e-3).Within(1e-12));

        SchedulePosition At(int epoch) => new(2 * epoch, 800, 2, [.. result.Epochs.Take(epoch).Select(done => done.Loss)]);
    }

    [Test]
    public void The_best_tested_epoch_is_said_beside_the_last_one()
    {
        // A rate so high that the accuracy goes up and down.
        var (training, labels) = Set(30, seed: 31, noise: 3);
        var (test, asked) = Set(30, seed: 32, noise: 3);
        var options = new LinearProbeOptions { Epochs = 12, TestEpochs = [1, 4, 5, 8, 40], Optimizer = new AdamOptions { LearningRate = 1, WeightDecay = 0 }, Schedule = LearningRateSchedules.Constant };

        var result = LinearProbe.Train(training, labels, test, asked, options);

        Assert.That(result.Epochs.Where(epoch => epoch.TestAccuracy is not null).Select(epoch => epoch.Epoch), Is.EqualTo(new[] { 1, 4, 5, 8, 11 }));
        Assert.That(result.Epochs[^1].TestAccuracy, Is.EqualTo(result.Accuracy));
        Assert.That(result.Best!.TestAccuracy, Is.EqualTo(result.Epochs.Max(epoch => epoch.TestAccuracy)));
        foreach (int epoch in new[] { 1, 5 })
        {
            var shorter = LinearProbe.Train(training, labels, test, asked, options with { Epochs = epoch + 1, TestEpochs = [] });
            Assert.That(result.Epochs[epoch].TestAccuracy, Is.EqualTo(shorter.Accuracy), $"as a run of {epoch + 1} epochs");
            Assert.That(shorter.Best, Is.EqualTo(shorter.Epochs[^1]));
        }
    }

    [Test]
    public void A_schedule_that_ends_early_tests_its_last_epoch()
    {
        var features = Golden.Hash(7, 64, 4).to(ScalarType.Float32) * 10;
        int[] labels = [.. Enumerable.Range(0, 64).Select(i => Golden.HashAt(8, i) > 0 ? 1 : 0)];
        var schedule = LearningRateSchedules.Plateau(patience: 1, consecutive: false, stopBelow: 0.5);

        var result = LinearProbe.Train(features, labels, features, labels, new LinearProbeOptions { Epochs = 400, Schedule = schedule, Optimizer = new AdamOptions { LearningRate = 1, WeightDecay = 0 } });

        Assert.That(result.Epochs, Has.Count.LessThan(400));
        Assert.That(result.Epochs[^1].TestAccuracy, Is.EqualTo(result.Accuracy));
        Assert.That(result.Epochs.Count(epoch => epoch.TestAccuracy is not null), Is.EqualTo(1));
    }

    [Test]
    public void Initial_weights_have_the_distribution_of_their_source()
    {
        const int features = 300, classes = 100;
        double glorot = Math.Sqrt(6.0 / (features + classes)), torch = 1 / Math.Sqrt(features);
        Assert.Multiple(() =>
        {
            var (weights, biases) = Drawn(ClassifierInitialization.GlorotUniform);
            Assert.That(weights.Max(), Is.EqualTo(glorot).Within(1e-3).And.LessThanOrEqualTo(glorot));
            Assert.That(Deviation(weights), Is.EqualTo(glorot / Math.Sqrt(3)).Within(0.01 * glorot));
            Assert.That(biases, Is.All.Zero);

            (weights, biases) = Drawn(ClassifierInitialization.PyTorch);
            Assert.That(weights.Min(), Is.EqualTo(-torch).Within(1e-3).And.GreaterThanOrEqualTo(-torch));
            Assert.That(Deviation(weights), Is.EqualTo(torch / Math.Sqrt(3)).Within(0.01 * torch));
            Assert.That(Deviation(biases), Is.EqualTo(torch / Math.Sqrt(3)).Within(0.2 * torch));

            (weights, biases) = Drawn(ClassifierInitialization.Normal(0.01));
            Assert.That(Deviation(weights), Is.EqualTo(0.01).Within(2e-4));
            Assert.That(weights.Max(), Is.GreaterThan(0.03), "no bound");
            Assert.That(biases, Is.All.Zero);
        });
        Assert.That(() => ClassifierInitialization.Normal(0), Throws.InstanceOf<ArgumentOutOfRangeException>());

        static (float[] Weights, float[] Biases) Drawn(ClassifierInitialization initialization)
        {
            float[] weights = new float[features * classes], biases = new float[classes];
            initialization.Fill(weights, biases, CounterRandom.For(3));
            return (weights, biases);
        }

        static double Deviation(float[] values) => Math.Sqrt(values.Average(value => (double)value * value));
    }

    [Test]
    public void An_unused_output_takes_part_in_training_only()
    {
        // From weights of 0 the first loss is the logarithm of the number of outputs.
        var (training, labels) = Set(30, seed: 34);
        var options = new LinearProbeOptions { BatchSize = 30, Epochs = 1, Initialization = ClassifierInitialization.Normal(1e-12) };

        var plain = LinearProbe.Train(training, labels, training, labels, options);
        var wide = LinearProbe.Train(training, labels, training, labels, options with { UnusedOutputs = 1 });
        var trained = LinearProbe.Train(training, labels, training, labels, options with { UnusedOutputs = 50, Epochs = 60 });

        Assert.That(plain.Epochs[0].Loss, Is.EqualTo(Math.Log(3)).Within(1e-6));
        Assert.That(wide.Epochs[0].Loss, Is.EqualTo(Math.Log(4)).Within(1e-6));
        Assert.That(wide.Predictions, Is.All.InRange(0, 2));
        Assert.That(trained.Accuracy, Is.EqualTo(1));
    }

    [Test]
    public void The_last_batch_is_kept_or_dropped()
    {
        // Seven samples in batches of three: three steps or two, and a mean loss over seven samples or six.
        var (training, labels) = Set(7, seed: 35);
        var options = new LinearProbeOptions { BatchSize = 3, Epochs = 1, Schedule = LearningRateSchedules.WarmupCosine(warmupSteps: 6) };

        var kept = LinearProbe.Train(training, labels, training, labels, options);
        var dropped = LinearProbe.Train(training, labels, training, labels, options with { DropLastBatch = true });

        Assert.That(kept.Epochs[0].LearningRate, Is.EqualTo(1e-2 * 3 / 6).Within(1e-12));
        Assert.That(dropped.Epochs[0].LearningRate, Is.EqualTo(1e-2 * 2 / 6).Within(1e-12));
        Assert.That(7 * kept.Epochs[0].TrainingAccuracy, Is.EqualTo(Math.Round(7 * kept.Epochs[0].TrainingAccuracy)).Within(1e-9));
        Assert.That(6 * dropped.Epochs[0].TrainingAccuracy, Is.EqualTo(Math.Round(6 * dropped.Epochs[0].TrainingAccuracy)).Within(1e-9));
    }

    [Test]
    public void Top_k_counts_a_class_among_the_first()
    {
        using var probabilities = tensor(new float[] { 0.1f, 0.6f, 0.3f, 0.5f, 0.2f, 0.3f, 0.25f, 0.5f, 0.25f }, [3, 1, 3]);
        var predictions = new Predictions();
        predictions.Add(probabilities, [1, 1, 2]);

        var result = predictions.Result([]);

        Assert.That(result.Predictions, Is.EqualTo(new[] { 1, 0, 1 }));
        Assert.That(new[] { 1, 2, 3 }.Select(result.AccuracyAt), Is.EqualTo(new[] { 1 / 3.0, 1 / 3.0, 1 }).Within(1e-12));
        Assert.That(() => result.AccuracyAt(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Accuracy_by_clips_takes_so_many_clips_evenly_spread()
    {
        // Three clips of three videos and two classes; the class of all is 1. One clip is the middle one, two are the first and the last.
        using var probabilities = tensor(new float[] { 0.9f, 0.1f, 0.4f, 0.6f, 0.9f, 0.1f, 0.1f, 0.9f, 0.8f, 0.2f, 0.3f, 0.7f, 0.6f, 0.4f, 0.1f, 0.9f, 0.3f, 0.7f }, [3, 3, 2]);
        var predictions = new Predictions();
        using (var first = probabilities.narrow(0, 0, 2))
        using (var last = probabilities.narrow(0, 2, 1))
        {
            predictions.Add(first, [1, 1]);
            predictions.Add(last, [1]);
        }

        var result = predictions.Result([]);

        // Means of class 1 by one clip: 0.6, 0.2, 0.9; by two: 0.1, 0.8, 0.55; by three: 0.27, 0.6, 0.67.
        Assert.That(result.AccuracyByClips, Is.EqualTo(new[] { 2 / 3.0, 2 / 3.0, 2 / 3.0 }).Within(1e-12));
        Assert.That(result.Predictions, Is.EqualTo(new[] { 0, 1, 1 }));
        Assert.That(result.Accuracy, Is.EqualTo(result.AccuracyByClips[^1]));
        Assert.That(ClipCurves.Accuracy(probabilities, [1, 1, 1]), Is.EqualTo(result.AccuracyByClips));
    }

    [Test]
    public void Clips_of_a_test_video_are_judged_each_and_averaged()
    {
        var (training, labels) = Set(30, seed: 21);
        var (test, asked) = Set(12, seed: 22);

        // Each video twice, then with a clip far off in the midst, which decides where it stands alone.
        var options = new LinearProbeOptions { Epochs = 20 };
        var single = LinearProbe.Train(training, labels, test, asked, options);
        var doubled = LinearProbe.Train(training, labels, stack([test, test], 1), asked, options);
        var disturbed = LinearProbe.Train(training, labels, stack([test, test * -1, test], 1), asked, options);

        Assert.That(single.AccuracyByClips, Is.EqualTo(new[] { 1.0 }));
        Assert.That(doubled.AccuracyByClips, Is.EqualTo(new[] { 1.0, 1.0 }));
        Assert.That(disturbed.AccuracyByClips[0], Is.LessThan(0.5), "the one in the middle");
        Assert.That(disturbed.AccuracyByClips.Skip(1), Is.EqualTo(new[] { 1.0, 1.0 }));
    }

    [Test]
    public void Other_types_and_gradients_of_features_are_taken()
    {
        var (training, labels) = Set(30, seed: 9);
        double[] Losses(Tensor features) => [.. LinearProbe.Train(features, labels, features, labels, new LinearProbeOptions { Epochs = 3 }).Epochs.Select(epoch => epoch.Loss)];
        double[] expected = Losses(training);
        using var noGrad = no_grad();

        Assert.That(Losses(training.to(ScalarType.Float64)), Is.EqualTo(expected).Within(1e-6));
        Assert.That(Losses(training.clone().requires_grad_()), Is.EqualTo(expected));
    }

    [Test]
    public void Canceling_stops()
    {
        var (training, labels) = Set(30, seed: 10);
        using var source = new CancellationTokenSource();
        var heard = new List<ClassifierEpoch>();
        var progress = new Callback<ClassifierEpoch>(epoch =>
        {
            heard.Add(epoch);
            source.Cancel();
        });

        Assert.That(() => LinearProbe.Train(training, labels, training, labels, cancellationToken: source.Token, progress: progress), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(heard, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_diverging_loss_is_told()
    {
        var (training, labels) = Set(30, seed: 11);

        Assert.That(
            () => LinearProbe.Train(training * 1e30, labels, training, labels, new LinearProbeOptions { Optimizer = new AdamOptions { LearningRate = 1e30 } }),
            Throws.InstanceOf<TrainingException>().With.Message.Contains("lower Optimizer.LearningRate (now 1E+30)"));
    }

    [Test]
    public void Wrong_input_is_named()
    {
        var (training, labels) = Set(6, seed: 12);
        var broken = training.clone();
        broken.select(0, 2).fill_(double.NaN);
        Assert.Multiple(() =>
        {
            Rejects(training.select(0, 0), labels, training, labels, "LinearProbe: expected training [N,D], got [4]");
            Rejects(training.reshape(6, 1, 4), labels, training, labels, "LinearProbe: expected training [N,D], got [6,1,4]");
            Rejects(training, labels, zeros([0, 4]), [], "expected test [M,D] without empty dimensions, got [0,4]");
            Rejects(training, labels, zeros([6, 3, 2]), labels, "of one length, got 4 and 2");
            Rejects(training, labels, training.narrow(1, 0, 2), labels, "of one length, got 4 and 2");
            Rejects(training.to(ScalarType.Int64), labels, training, labels, "of a floating-point type, got Int64");
            Rejects(broken, labels, training, labels, "expected finite training");
            Rejects(training, labels, broken, labels, "expected finite test");
            Rejects(training, [0, 1], training, labels, "expected 6 trainingLabels, got 2");
            Rejects(training, labels, training, [0, 1], "expected 6 testLabels, got 2");
            Rejects(training, [0, 1, 2, 0, 1, -1], training, labels, "from 0 of two classes or more, got -1 to 2");
            Rejects(training, [0, 0, 0, 0, 0, 0], training, [0, 0, 0, 0, 0, 0], "from 0 of two classes or more, got 0 to 0");
            Rejects(training, [0, 1, 0, 1, 0, 1], training, [0, 1, 2, 2, 4, 4], "of each class from 0 to 4, got none of 3 (2, 3, 4), which have 4 test videos");
            Assert.That(
                () => LinearProbe.Train(training, labels, training, labels, new LinearProbeOptions { BatchSize = 0, Epochs = 0, Initialization = null!, UnusedOutputs = -1, TestEpochs = [3, -1], Optimizer = null!, Schedule = null! }),
                Throws.ArgumentException.With.Message.Matches("Optimizer.*Schedule.*BatchSize.*Epochs.*Initialization.*UnusedOutputs.*TestEpochs: expected epochs from 0, got 3, -1"));
            Assert.That(
                () => LinearProbe.Train(training, labels, training, labels, new LinearProbeOptions { Optimizer = new SgdOptions { LearningRate = 0, Momentum = 1, WeightDecay = -1 } }),
                Throws.ArgumentException.With.Message.Matches("LearningRate.*WeightDecay.*Momentum"));
        });

        static void Rejects(Tensor training, int[] trainingLabels, Tensor test, int[] testLabels, string message)
            => Assert.That(() => LinearProbe.Train(training, trainingLabels, test, testLabels), Throws.ArgumentException.With.Message.Contains(message));
    }

    /// <summary>Three classes by turns, each around a corner of its own.</summary>
    private static (Tensor Features, int[] Labels) Set(int count, uint seed, double noise = 0.3)
    {
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 3)];
        var centers = tensor(new double[] { 2, 0, 0, 1, 0, 2, 0, 1, 0, 0, 2, 1 }, [3, 4]);
        return ((centers.index_select(0, tensor(labels, ScalarType.Int64)) + (Golden.Hash(seed, count, 4) * noise)).to(ScalarType.Float32), labels);
    }
}
