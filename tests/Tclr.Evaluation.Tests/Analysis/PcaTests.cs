using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks]
public sealed class PcaTests : ScopedTests
{
    /// <summary>Against a whole decomposition of the covariance, for more rows than columns and the other way round.</summary>
    [TestCase(60, 12, 3)]
    [TestCase(60, 40, 2)]
    [TestCase(20, 90, 4)]
    [TestCase(2, 5, 1)]
    [TestCase(30, 1, 1)]
    [TestCase(9, 4, 4)]
    public void It_is_that_of_the_covariance(int rows, int columns, int dimensions)
    {
        // Variances that fall, as those of features do.
        var features = (Golden.Hash(31, rows, columns) * tensor(Enumerable.Range(0, columns).Select(i => Math.Pow(0.8, i)).ToArray())) + 3;

        var result = Pca.Project(features, dimensions);

        var values = Matrix<double>.Build.DenseOfRowMajor(rows, columns, features.data<double>().ToArray());
        var centered = values - Matrix<double>.Build.Dense(rows, columns, (_, j) => values.Column(j).Average());
        var decomposition = (centered.TransposeThisAndMultiply(centered) / (rows - 1)).Evd(Symmetricity.Symmetric);
        double total = decomposition.EigenValues.Sum(value => value.Real);
        for (int k = 0; k < dimensions; k++)
        {
            var expected = centered * decomposition.EigenVectors.Column(columns - 1 - k);
            var scores = Vector<double>.Build.Dense(rows, i => result.Scores[i, k]);
            expected *= Math.Sign(expected * scores);
            Assert.That((scores - expected).L2Norm(), Is.LessThan(1e-6), $"component {k}");
            Assert.That(result.Explained[k], Is.EqualTo(decomposition.EigenValues[columns - 1 - k].Real / total).Within(1e-9));
            Assert.That(scores.AbsoluteMaximum(), Is.EqualTo(scores.Maximum()), "the farthest point is positive");
        }
    }

    [Test]
    public void Points_are_the_first_two_coordinates()
    {
        var result = Pca.Project(Golden.Hash(32, 10, 5), 3);

        Assert.That(result.Points, Is.EqualTo(Enumerable.Range(0, 10).Select(i => (result.Scores[i, 0], result.Scores[i, 1]))));
        Assert.That(Pca.Project(Golden.Hash(32, 10, 5), 1).Points.Select(point => point.Y), Is.All.Zero);
    }

    [Test]
    public void Features_that_do_not_vary_are_one_point()
    {
        var result = Pca.Project(ones([5, 3]));

        Assert.That(result.Scores, Is.All.Zero);
        Assert.That(result.Explained, Is.All.Zero);
    }

    [Test]
    public void It_is_the_same_every_time()
    {
        var first = Pca.Project(Golden.Hash(33, 50, 30));
        var second = Pca.Project(Golden.Hash(33, 50, 30));

        Assert.That(second.Scores, Is.EqualTo(first.Scores));
    }

    [Test]
    public void It_can_be_stopped()
        => Assert.That(() => Pca.Project(Golden.Hash(33, 50, 30), 2, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public void Wrong_input_is_named()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => Pca.Project(ones([3])), Throws.ArgumentException.With.Message.Contains("Pca: expected features [N,C], got [3]"));
            Assert.That(() => Pca.Project(ones([1, 3])), Throws.ArgumentException.With.Message.Contains("expected 2 features or more, got 1"));
            Assert.That(() => Pca.Project(ones([4, 3]), 4), Throws.InstanceOf<ArgumentException>().With.Message.Contains("dimensions: expected 1 to 3, got 4"));
            Assert.That(() => Pca.Project(ones([4, 3]), 0), Throws.InstanceOf<ArgumentException>().With.Message.Contains("dimensions: expected 1 to 3, got 0"));
            Assert.That(() => Pca.Project(ones([4, 3], ScalarType.Int64)), Throws.ArgumentException.With.Message.Contains("of a floating-point type, got Int64"));
        });
    }
}
