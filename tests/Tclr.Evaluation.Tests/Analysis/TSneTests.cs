using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks]
public sealed class TSneTests : ScopedTests
{
    private static readonly TSneOptions Short = new() { Iterations = 400, ExaggerationIterations = 100 };

    [Test]
    public void Clusters_stay_apart()
    {
        // Five clusters in ten dimensions, of which two components show only some.
        const int Count = 150, Clusters = 5;
        int[] labels = [.. Enumerable.Range(0, Count).Select(i => i % Clusters)];

        var points = TSne.Project(Blobs(Count, Clusters), Short);

        for (int i = 0; i < Count; i++)
        {
            int nearest = Enumerable.Range(0, Count).Where(j => j != i).MinBy(j => Square(points[i].X - points[j].X) + Square(points[i].Y - points[j].Y));
            Assert.That(labels[nearest], Is.EqualTo(labels[i]), $"neighbor of {i}");
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_map()
    {
        var features = Blobs(61, 3);

        var map = TSne.Project(features, Short with { Seed = 3 });

        Assert.That(TSne.Project(features, Short with { Seed = 3 }), Is.EqualTo(map));
        Assert.That(TSne.Project(features, Short with { Seed = 4 }), Is.Not.EqualTo(map));
        Assert.That(map.Average(point => point.X), Is.Zero.Within(1e-4), "the mean is at the origin");
    }

    /// <summary>Each row of the conditional probabilities has the entropy of the perplexity; the sum of both directions is what is kept.</summary>
    [TestCase(2)]
    [TestCase(5)]
    [TestCase(9.5)]
    public void Affinities_are_those_of_a_plain_loop(double perplexity)
    {
        const int Count = 31;
        var features = Golden.Hash(41, Count, 6) + 100;
        double[][] rows = [.. features.data<double>().ToArray().Chunk(6)];

        float[] affinities = TSneAffinities.Of(features, perplexity, CancellationToken.None);

        double[][] conditional = [.. Enumerable.Range(0, Count).Select(i => Conditional(rows, i, perplexity))];
        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j < Count; j++)
            {
                Assert.That(affinities[(i * Count) + j], Is.EqualTo((conditional[i][j] + conditional[j][i]) / (2 * Count)).Within(1e-7), $"{i} {j}");
            }
        }

        Assert.That(affinities.Sum(value => (double)value), Is.EqualTo(1).Within(1e-5));
    }

    /// <summary>A step of the vectorized descent against the formula, for counts that do and do not fill the lanes.</summary>
    [TestCase(16)]
    [TestCase(21)]
    public void A_step_is_that_of_a_plain_loop(int count)
    {
        float[] affinities = TSneAffinities.Of(Golden.Hash(42, count, 4), 3, CancellationToken.None);
        var start = Enumerable.Range(0, count).Select(i => (X: Golden.HashAt(43, i), Y: Golden.HashAt(44, i))).ToArray();
        var options = new TSneOptions { ExaggerationIterations = 1, Exaggeration = 4 };
        var layout = new TSneLayout(affinities, start, options);

        layout.Step(0);

        double z = 0;
        double Kernel(int i, int j) => 1 / (1 + Square(start[i].X - start[j].X) + Square(start[i].Y - start[j].Y));
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                z += i == j ? 0 : Kernel(i, j);
            }
        }

        var moved = new (double X, double Y)[count];
        for (int i = 0; i < count; i++)
        {
            double gx = 0, gy = 0;
            for (int j = 0; j < count; j++)
            {
                double force = 4 * ((4 * affinities[(i * count) + j]) - (Kernel(i, j) / z)) * Kernel(i, j);
                gx += force * (start[i].X - start[j].X);
                gy += force * (start[i].Y - start[j].Y);
            }

            // The learning rate is 50 for so few points; a gain starts at 1 and grows by 0.2 where the velocity does not go against the gradient yet.
            moved[i] = (start[i].X - (50 * Gain(gx) * gx), start[i].Y - (50 * Gain(gy) * gy));
        }

        for (int i = 0; i < count; i++)
        {
            Assert.That(layout.Points[i].X, Is.EqualTo(moved[i].X - moved.Average(point => point.X)).Within(1e-4), $"x of {i}");
            Assert.That(layout.Points[i].Y, Is.EqualTo(moved[i].Y - moved.Average(point => point.Y)).Within(1e-4), $"y of {i}");
        }

        static double Gain(double gradient) => gradient > 0 ? 1.2 : 0.8;
    }

    [Test]
    public void Equal_points_and_single_dimensions_can_be_laid_out()
    {
        Assert.That(TSne.Project(ones([20, 3]), Short).SelectMany(point => new[] { point.X, point.Y }), Is.All.Matches<double>(double.IsFinite));
        Assert.That(TSne.Project(Golden.Hash(1, 20, 1), Short).SelectMany(point => new[] { point.X, point.Y }), Is.All.Matches<double>(double.IsFinite));
        Assert.That(TSne.Project(Golden.Hash(1, 4, 2), Short), Has.Count.EqualTo(4));
    }

    [Test]
    public void Progress_is_told_and_a_stop_is_heard()
    {
        using var stop = new CancellationTokenSource();
        var told = new List<int>();
        var progress = new Callback<int>(done =>
        {
            told.Add(done);
            if (done == 30)
            {
                stop.Cancel();
            }
        });

        Assert.That(() => TSne.Project(Blobs(20, 2), Short, progress, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(told, Is.EqualTo(new[] { 10, 20, 30 }));
    }

    [Test]
    public void Wrong_input_is_named()
    {
        var features = Blobs(31, 3);
        Assert.Multiple(() =>
        {
            Rejects(features, new() { Perplexity = 10.1 }, "Perplexity: expected 1 to 10, got 10.1");
            Rejects(features, new() { Perplexity = 0.9 }, "Perplexity: expected 1 to 10, got 0.9");
            Rejects(features, new() { Perplexity = double.NaN }, "Perplexity: expected 1 to 10, got NaN");
            Rejects(features, new() { Iterations = 0 }, "Iterations: expected 1 or more, got 0");
            Rejects(features, new() { ExaggerationIterations = -1 }, "ExaggerationIterations: expected 0 or more, got -1");
            Rejects(features, new() { Exaggeration = 0.5 }, "Exaggeration: expected a finite number of 1 or more, got 0.5");
            Rejects(features.narrow(0, 0, 3), new(), "expected 4 to 10000 features, got 3");
            Rejects(zeros([10_001, 1]), new(), "expected 4 to 10000 features, got 10001: use a sample");
            Rejects(features.select(0, 0), new(), "expected features [N,C], got [10]");
        });
        Assert.That(() => TSne.Project(features, Short with { Perplexity = 10, Iterations = 1 }), Throws.Nothing);
        Assert.That(new TSneOptions().PerplexityFor(31), Is.EqualTo(10));
        Assert.That(new TSneOptions().PerplexityFor(91), Is.EqualTo(30));

        static void Rejects(Tensor features, TSneOptions options, string message)
            => Assert.That(() => TSne.Project(features, options), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));
    }

    private static Tensor Blobs(int count, int clusters)
        => (Golden.Hash(51, clusters, 10).index_select(0, tensor(Enumerable.Range(0, count).Select(i => (long)(i % clusters)).ToArray())) * 5) + Golden.Hash(52, count, 10);

    private static double[] Conditional(double[][] rows, int self, double perplexity)
    {
        double[] distances = [.. rows.Select(row => row.Zip(rows[self], (a, b) => Square(a - b)).Sum())];
        double low = 0, high = 1e6;
        double[] weights = [];
        for (int step = 0; step < 200; step++)
        {
            double beta = (low + high) / 2;
            weights = [.. distances.Select((distance, j) => j == self ? 0 : Math.Exp(-beta * distance))];
            double sum = weights.Sum();
            weights = [.. weights.Select(weight => weight / sum)];
            double entropy = -weights.Where(weight => weight > 0).Sum(weight => weight * Math.Log(weight));
            (low, high) = entropy > Math.Log(perplexity) ? (beta, high) : (low, beta);
        }

        return weights;
    }

    private static double Square(double value) => value * value;
}
