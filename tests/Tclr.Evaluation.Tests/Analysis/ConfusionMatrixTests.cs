namespace Tclr.Evaluation.Tests;

public sealed class ConfusionMatrixTests
{
    private static readonly string[] Classes = ["cat", "dog", "cow", "none"];

    private static ConfusionMatrix Golden => ConfusionMatrix.Of([0, 0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 0, 1, 2, 1, 0, 0, 2, 1, 1], Classes);

    [Test]
    public void Golden_values()
    {
        var confusion = Golden;

        int[][] counts = [.. Enumerable.Range(0, 4).Select(i => Enumerable.Range(0, 4).Select(j => confusion[i, j]).ToArray())];
        Assert.Multiple(() =>
        {
            Assert.That(counts, Is.EqualTo(new[] { new[] { 2, 1, 1, 0 }, [2, 1, 0, 0], [0, 2, 1, 0], [0, 0, 0, 0] }));
            Assert.That(confusion.Total, Is.EqualTo(10));
            Assert.That(confusion.Accuracy, Is.EqualTo(0.4).Within(1e-12));
            Assert.That(confusion.RecallOf(0), Is.EqualTo(0.5));
            Assert.That(confusion.RecallOf(3), Is.NaN);
            Assert.That(confusion.ShareOf(1, 0), Is.EqualTo(2 / 3.0).Within(1e-12));
            Assert.That(confusion.ShareOf(3, 0), Is.NaN);
        });
    }

    [Test]
    public void The_most_confused_pairs_come_first()
    {
        Assert.That(Golden.MostConfused(), Is.EqualTo(new[] { (1, 0, 2, 2 / 3.0), (2, 1, 2, 2 / 3.0), (0, 1, 1, 0.25), (0, 2, 1, 0.25) }));
        Assert.That(Golden.MostConfused(1), Is.EqualTo(new[] { (1, 0, 2, 2 / 3.0) }));
        Assert.That(() => Golden.MostConfused(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void It_agrees_with_a_loop_over_many_classes()
    {
        var random = Core.CounterRandom.For(5);
        int[] labels = [.. Enumerable.Range(0, 2000).Select(_ => random.NextInt32(0, 101))], predictions = [.. labels.Select(label => random.NextDouble() < 0.5 ? label : random.NextInt32(0, 101))];

        var confusion = ConfusionMatrix.Of(labels, predictions, [.. Enumerable.Range(0, 101).Select(i => $"c{i}")]);

        Assert.That(confusion.Accuracy, Is.EqualTo(Enumerable.Range(0, 2000).Count(i => labels[i] == predictions[i]) / 2000.0).Within(1e-12));
        foreach (var pair in confusion.MostConfused(20))
        {
            Assert.That(pair.Count, Is.EqualTo(Enumerable.Range(0, 2000).Count(i => labels[i] == pair.TrueClass && predictions[i] == pair.PredictedClass)));
            Assert.That(pair.Share, Is.EqualTo((double)pair.Count / labels.Count(label => label == pair.TrueClass)).Within(1e-12));
        }
    }

    [Test]
    public void Wrong_input_is_named()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => ConfusionMatrix.Of([0, 1], [0], Classes), Throws.ArgumentException.With.Message.Contains("ConfusionMatrix: expected 2 predictions, got 1"));
            Assert.That(() => ConfusionMatrix.Of([0, 4], [0, 0], Classes), Throws.ArgumentException.With.Message.Contains("expected labels from 0 to 3, a class each, got 4"));
            Assert.That(() => ConfusionMatrix.Of([0], [-1], Classes), Throws.ArgumentException.With.Message.Contains("expected predictions from 0 to 3, a class each, got -1"));
        });
    }
}
