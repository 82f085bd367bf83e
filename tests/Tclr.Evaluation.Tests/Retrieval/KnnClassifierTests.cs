using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks]
public sealed class KnnClassifierTests : ScopedTests
{
    // Computed by an implementation of the formula in Python, in double precision.
    [TestCase(5, 0.07, false, 0.04, 0.32, "4 5 1 1 5 1 2 2 3 0 3 0 5 5 0 2 0 0 0 0 5 1 5 4 3")]
    [TestCase(200, 0.1, false, 0.04, 0.4, "4 5 1 1 5 1 3 4 3 0 3 0 5 5 0 2 0 0 0 0 5 1 5 4 3")]
    [TestCase(10, 1, true, 0.12, 0.44, "5 5 1 1 5 1 4 4 3 3 3 0 5 4 0 5 2 0 0 3 5 1 3 1 0")]
    public void Golden_values(int neighbors, double temperature, bool centered, double top1, double top3, string predictions)
    {
        Tensor gallery = Golden.Hash(4000, 60, 16), queries = Golden.Hash(4001, 25, 16);

        var result = KnnClassifier.Evaluate(queries, Labels(25), gallery, Labels(60), new KnnOptions { Neighbors = neighbors, Temperature = temperature, Centered = centered });

        Assert.That(string.Join(' ', result.Predictions), Is.EqualTo(predictions));
        Assert.That(result.Accuracy, Is.EqualTo(top1).Within(1e-12));
        Assert.That(result.AccuracyAt(3), Is.EqualTo(top3).Within(1e-12));
        Assert.That(result.Labels, Is.EqualTo(Labels(25)));
        Assert.That(result.Epochs, Is.Empty);
        Assert.That(result.Best, Is.Null);
    }

    [Test]
    public void A_golden_vote()
    {
        Tensor gallery = nn.functional.normalize(Golden.Hash(4000, 60, 16)), query = nn.functional.normalize(Golden.Hash(4001, 25, 16)).narrow(0, 0, 1);
        float[] cosines = [.. query.mm(gallery.t()).data<double>().ToArray().Select(cosine => (float)cosine)];

        double[] votes = KnnClassifier.Vote(cosines, Labels(60), 6, 0.1);

        Assert.That(votes, Is.EqualTo(new[] { 0.106272748, 0.117283808, 0.070469677, 0.118748751, 0.457030974, 0.130194042 }).Within(1e-6));
    }

    [Test]
    public void It_is_the_formula_in_loops() => Check.QuickThrowOnFailure(Prop.ForAll(
        (from seed in Gen.Choose(0, 1 << 20) from neighbors in Gen.Choose(1, 40) from temperature in Gen.Elements(0.05, 0.1, 1) select (seed, neighbors, temperature)).ToArbitrary(),
        problem =>
        {
            using var scope = NewDisposeScope();
            Tensor gallery = Golden.Hash((uint)problem.seed, 30, 5), queries = Golden.Hash((uint)problem.seed + 1, 8, 5);
            double[][] g = Rows(gallery), q = Rows(queries);
            int[] expected = [.. q.Select(row =>
            {
                var nearest = g.Select((other, item) => (Cosine: Cosine(row, other), item)).OrderByDescending(pair => pair.Cosine).Take(problem.neighbors);
                double[] votes = new double[6];
                foreach (var (cosine, item) in nearest)
                {
                    votes[item % 6] += Math.Exp(cosine / problem.temperature);
                }

                return Array.IndexOf(votes, votes.Max());
            })];

            var result = KnnClassifier.Evaluate(queries, Labels(8), gallery, Labels(30), new KnnOptions { Neighbors = problem.neighbors, Temperature = problem.temperature });
            return result.Predictions.SequenceEqual(expected);
        }));

    [Test]
    public void One_neighbor_is_retrieval_at_one()
    {
        Tensor gallery = Golden.Hash(4000, 60, 16).to(ScalarType.Float32), queries = Golden.Hash(4001, 25, 16).to(ScalarType.Float32);

        double accuracy = KnnClassifier.Evaluate(queries, Labels(25), gallery, Labels(60), new KnnOptions { Neighbors = 1 }).Accuracy;

        Assert.That(accuracy, Is.EqualTo(Evaluation.Retrieval.Evaluate(queries, Labels(25), gallery, Labels(60), 1).RecallAt(1)));
    }

    [Test]
    public void Lengths_of_features_do_not_matter_and_a_low_temperature_is_the_nearest_neighbor()
    {
        Tensor gallery = Golden.Hash(4000, 60, 16), queries = Golden.Hash(4001, 25, 16);
        IReadOnlyList<int> Predict(Tensor asked, Tensor known, KnnOptions options) => KnnClassifier.Evaluate(asked, Labels(25), known, Labels(60), options).Predictions;

        Assert.That(Predict(queries * (Golden.Hash(9, 25, 1).abs() + 0.1), gallery * 7, new()), Is.EqualTo(Predict(queries, gallery, new())));
        Assert.That(Predict(queries, gallery, new() { Temperature = 1e-6 }), Is.EqualTo(Predict(queries, gallery, new() { Neighbors = 1 })));
        Assert.That(Predict(queries, gallery, new() { Neighbors = 60 }), Is.EqualTo(Predict(queries, gallery, new() { Neighbors = 5000 })), "all there are");
    }

    [Test]
    public void Votes_sum_to_one_and_do_not_depend_on_a_common_offset()
    {
        float[] cosines = [0.9f, 0.5f, -0.2f, 0.5f];
        double[] votes = KnnClassifier.Vote(cosines, [0, 2, 2, 1], 4, 0.07);

        Assert.That(votes.Sum(), Is.EqualTo(1).Within(1e-12));
        Assert.That(votes[3], Is.Zero);
        Assert.That(KnnClassifier.Vote([.. cosines.Select(cosine => cosine - 0.05f)], [0, 2, 2, 1], 4, 0.07), Is.EqualTo(votes).Within(1e-6));
        Assert.That(KnnClassifier.Vote([1, -1], [0, 1], 2, 1e-9), Is.EqualTo(new[] { 1.0, 0 }), "no overflow");
    }

    [Test]
    public void Equal_features_give_the_largest_class()
    {
        int[] labels = [0, 1, 1, 2];

        var result = KnnClassifier.Evaluate(ones([3, 4]), [0, 1, 2], ones([4, 4]), labels);

        Assert.That(result.Predictions, Is.All.EqualTo(1));
    }

    [Test]
    public void Wrong_input_is_named() => Assert.Multiple(() =>
    {
        Tensor features = Golden.Hash(1, 4, 3), broken = features.clone();
        broken.select(0, 1).fill_(double.NaN);
        int[] labels = [0, 1, 0, 1];
        Rejects(() => KnnClassifier.Evaluate(features, labels, features.narrow(1, 0, 2), labels), "of one length, got 3 and 2");
        Rejects(() => KnnClassifier.Evaluate(features, labels, broken, labels), "KnnClassifier: expected finite gallery");
        Rejects(() => KnnClassifier.Evaluate(features, [0], features, labels), "expected 4 queryLabels, got 1");
        Rejects(() => KnnClassifier.Evaluate(features, labels, features, [0, 1, 0, -1]), "expected galleryLabels from 0, a class each, got -1");
        Rejects(() => KnnClassifier.Evaluate(zeros([0, 3]), [], features, labels), "without empty dimensions");
        Rejects(() => KnnClassifier.Evaluate(features, labels, features, labels, new KnnOptions { Neighbors = 0, Temperature = double.NaN }), "Neighbors: expected 1 or more, got 0; Temperature: expected a finite number above 0, got NaN");
        Rejects(() => KnnClassifier.Vote([], [], 2, 1), "expected one neighbor or more");
        Rejects(() => KnnClassifier.Vote([1], [2], 2, 1), "labels");
        Rejects(() => KnnClassifier.Vote([1], [0], 2, 0), "temperature");

        static void Rejects(Action call, string message) => Assert.That(call, Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));
    });

    private static int[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => i % 6)];

    private static double[][] Rows(Tensor values) => [.. values.data<double>().ToArray().Chunk((int)values.shape[1])];

    private static double Cosine(double[] a, double[] b)
        => a.Zip(b).Sum(pair => pair.First * pair.Second) / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x));
}
