using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks]
public sealed class ClipCurvesTests : ScopedTests
{
    private static readonly int[] QueryLabels = [.. Enumerable.Range(0, 23).Select(i => i % 5)];
    private static readonly int[] GalleryLabels = [.. Enumerable.Range(0, 41).Select(i => i % 5)];

    [TestCase(1, new long[] { 5 })]
    [TestCase(2, new long[] { 2, 7 })]
    [TestCase(3, new long[] { 1, 5, 8 })]
    [TestCase(10, new long[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    public void Clips_are_spread_evenly(int count, long[] expected) => Assert.That(ClipCurves.Spread(count, 10), Is.EqualTo(expected));

    [Test]
    public void No_clip_is_taken_twice()
    {
        for (int clips = 1; clips <= 40; clips++)
        {
            for (int count = 1; count <= clips; count++)
            {
                Assert.That(ClipCurves.Spread(count, clips), Is.Unique.And.Ordered.And.All.InRange(0, clips - 1));
            }
        }
    }

    [TestCase(ScalarType.Float64)]
    [TestCase(ScalarType.Float32)]
    public void Accuracy_is_that_of_a_plain_loop(ScalarType type)
    {
        const int Clips = 7, Classes = 5;
        var scores = Golden.Hash(11, 23, Clips, Classes);
        double[] flat = scores.data<double>().ToArray();

        var curve = ClipCurves.Accuracy(scores.to(type), QueryLabels);

        double[] expected = new double[Clips];
        for (int count = 1; count <= Clips; count++)
        {
            int right = 0;
            for (int video = 0; video < 23; video++)
            {
                double[] sums = new double[Classes];
                foreach (int clip in ClipCurves.Spread(count, Clips))
                {
                    for (int c = 0; c < Classes; c++)
                    {
                        sums[c] += flat[(((video * Clips) + clip) * Classes) + c];
                    }
                }

                right += Array.IndexOf(sums, sums.Max()) == QueryLabels[video] ? 1 : 0;
            }

            expected[count - 1] = right / 23.0;
        }

        Assert.That(curve, Is.EqualTo(expected).Within(1e-12));
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(2), "the curve is no straight line");
    }

    [TestCase(1)]
    [TestCase(5)]
    public void Recall_is_that_of_a_plain_loop(int neighbors)
    {
        const int Clips = 4, Channels = 6;
        var queries = Golden.Hash(12, 23, Clips, Channels);
        var gallery = Golden.Hash(13, 41, Clips, Channels);
        double[] q = queries.data<double>().ToArray(), g = gallery.data<double>().ToArray();

        var curve = ClipCurves.Recall(queries, QueryLabels, gallery, GalleryLabels, neighbors);

        for (int count = 1; count <= Clips; count++)
        {
            long[] clips = ClipCurves.Spread(count, Clips);
            double[] Mean(double[] flat, int video) => [.. Enumerable.Range(0, Channels).Select(c => clips.Average(clip => flat[(((video * Clips) + clip) * Channels) + c]))];
            int found = Enumerable.Range(0, 23).Count(query => Enumerable.Range(0, 41)
                .OrderByDescending(item => Cosine(Mean(q, query), Mean(g, item))).Take(neighbors).Any(item => GalleryLabels[item] == QueryLabels[query]));
            Assert.That(curve[count - 1], Is.EqualTo(found / 23.0).Within(1e-12), $"{count} clips");
        }
    }

    [Test]
    public void Wrong_input_is_named()
    {
        var queries = Golden.Hash(12, 23, 4, 6);
        Assert.Multiple(() =>
        {
            Assert.That(() => ClipCurves.Accuracy(queries.select(1, 0), QueryLabels), Throws.ArgumentException.With.Message.Contains("ClipCurves: expected probabilities [N,K,classes], got [23,6]"));
            Assert.That(() => ClipCurves.Accuracy(queries, [1]), Throws.ArgumentException.With.Message.Contains("expected 23 labels, got 1"));
            Assert.That(() => ClipCurves.Accuracy(queries.narrow(2, 0, 4), QueryLabels), Throws.ArgumentException.With.Message.Contains("expected labels from 0 to 3"));
            Assert.That(() => ClipCurves.Recall(queries, QueryLabels, queries.narrow(1, 0, 3), QueryLabels), Throws.ArgumentException.With.Message.Contains("expected as many clips of queries and gallery, got 4 and 3"));
            Assert.That(() => ClipCurves.Recall(queries / 0, QueryLabels, queries, QueryLabels), Throws.ArgumentException.With.Message.Contains("expected finite queries"));
        });
    }

    private static double Cosine(double[] a, double[] b)
    {
        double Dot(double[] x, double[] y) => x.Zip(y, (p, q) => p * q).Sum();
        return Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
    }
}
