using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks]
public sealed class RetrievalTests : ScopedTests
{
    private static readonly int[] QueryLabels = [.. Enumerable.Range(0, 25).Select(i => i % 6)];
    private static readonly int[] GalleryLabels = [.. Enumerable.Range(0, 60).Select(i => i % 6)];

    [TestCase(ScalarType.Float64)]
    [TestCase(ScalarType.Float32)]
    public void Golden_values(ScalarType type)
    {
        var result = Retrieval.Evaluate(Queries().to(type), QueryLabels, Gallery().to(type), GalleryLabels, 1, 5, 10, 20);

        Assert.Multiple(() =>
        {
            Assert.That(result.RecallAt(1), Is.EqualTo(0.08).Within(1e-12));
            Assert.That(result.RecallAt(5), Is.EqualTo(0.44).Within(1e-12));
            Assert.That(result.RecallAt(10), Is.EqualTo(0.80).Within(1e-12));
            Assert.That(result.RecallAt(20), Is.EqualTo(0.96).Within(1e-12));
            Assert.That(Enumerable.Range(0, 8).Select(i => result.NeighborsOf(i)[0]), Is.EqualTo(new[] { 40, 59, 25, 15, 53, 1, 26, 50 }));
            Assert.That(result.QueryCount, Is.EqualTo(25));
            Assert.That(result.Depth, Is.EqualTo(20));
        });
    }

    [TestCase(ScalarType.Float64)]
    [TestCase(ScalarType.Float32)]
    public void Golden_values_of_centered_sets(ScalarType type)
    {
        var result = Retrieval.Evaluate(Queries().to(type), QueryLabels, Gallery().to(type), GalleryLabels, new RetrievalOptions { Centered = true, Neighbors = [20, 1, 5, 10] });

        Assert.That(new[] { 1, 5, 10, 20 }.Select(result.RecallAt), Is.EqualTo(new[] { 0.16, 0.56, 0.80, 0.96 }).Within(1e-12));
    }

    [Test]
    public void Centering_undoes_a_shift_of_a_whole_set()
    {
        var result = Retrieval.Evaluate(Queries() + 3, QueryLabels, Gallery() - 5, GalleryLabels, RetrievalOptions.DualVar);
        var expected = Retrieval.Evaluate(Queries(), QueryLabels, Gallery(), GalleryLabels, RetrievalOptions.DualVar);

        Assert.That(NeighborsOf(result), Is.EqualTo(NeighborsOf(expected)));
        Assert.That(result.Depth, Is.EqualTo(50));
    }

    [Test]
    public void The_sizes_of_tiles_do_not_matter([Values(1, 7, 25, 1000)] int tileQueries, [Values(1, 2, 13, 59, 60, 61)] int tileItems, [Values] bool centered)
    {
        var options = new RetrievalOptions { Neighbors = [20], Centered = centered };
        var whole = Retrieval.Evaluate(Queries(), QueryLabels, Gallery(), GalleryLabels, options);
        var tiled = Retrieval.Evaluate(Queries(), QueryLabels, Gallery(), GalleryLabels, options, new NeighborSearch(tileQueries, tileItems));

        Assert.That(NeighborsOf(tiled), Is.EqualTo(NeighborsOf(whole)));
    }

    [Test]
    public void Of_items_alike_the_first_is_nearest([Values(3, 4, 30)] int tileItems)
    {
        // Each of five directions six times.
        var gallery = cat([.. Enumerable.Repeat(Gallery().narrow(0, 0, 5), 6)], 0).to(ScalarType.Float32);

        var result = Retrieval.Evaluate(gallery.narrow(0, 0, 5), [0, 1, 2, 3, 4], gallery, [.. Enumerable.Range(0, 30)], new RetrievalOptions { Neighbors = [6] }, new NeighborSearch(2, tileItems));

        Assert.That(NeighborsOf(result), Is.EqualTo(Enumerable.Range(0, 5).Select(query => Enumerable.Range(0, 6).Select(turn => query + (5 * turn)))));
    }

    [Test]
    public void Similarities_are_the_cosines_of_the_neighbors()
    {
        double[][] queries = Rows(Queries()), gallery = Rows(Gallery());

        var result = Retrieval.Evaluate(Queries(), QueryLabels, Gallery(), GalleryLabels, 7);

        for (int query = 0; query < queries.Length; query++)
        {
            float[] cosines = [.. result.NeighborsOf(query).ToArray().Select(item => (float)Cosine(queries[query], gallery[item]))];
            Assert.That(result.SimilaritiesOf(query).ToArray(), Is.EqualTo(cosines).Within(1e-6f), $"query {query}");
        }
    }

    [Test]
    public void Progress_comes_to_one_and_canceling_stops()
    {
        using var source = new CancellationTokenSource();
        var shares = new List<double>();
        var search = new NeighborSearch(10, 20);

        Retrieval.Evaluate(Queries(), QueryLabels, Gallery(), GalleryLabels, RetrievalOptions.Tclr, search, new Callback<double>(shares.Add));
        Assert.That(shares, Is.EqualTo(Enumerable.Range(1, 9).Select(tile => tile / 9.0)).Within(1e-12));

        Assert.That(
            () => Retrieval.Evaluate(Queries(), QueryLabels, Gallery(), GalleryLabels, RetrievalOptions.Tclr, search, new Callback<double>(_ => source.Cancel()), source.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Neighbors_are_those_of_a_plain_loop()
    {
        double[][] queries = Rows(Queries()), gallery = Rows(Gallery());

        var result = Retrieval.Evaluate(Queries(), QueryLabels, Gallery(), GalleryLabels, 5);

        for (int query = 0; query < queries.Length; query++)
        {
            int[] nearest = [.. Enumerable.Range(0, gallery.Length).OrderByDescending(item => Cosine(queries[query], gallery[item])).Take(5)];
            Assert.That(result.NeighborsOf(query).ToArray(), Is.EqualTo(nearest), $"query {query}");
        }
    }

    [Test]
    public void Lengths_of_features_do_not_matter()
    {
        var scaled = Gallery() * (Golden.Hash(7, 60, 1).abs() + 0.1);

        var result = Retrieval.Evaluate(Queries() * 100, QueryLabels, scaled, GalleryLabels, 5);

        Assert.That(result.RecallAt(5), Is.EqualTo(0.44).Within(1e-12));
    }

    [Test]
    public void Every_k_up_to_the_largest_is_known()
    {
        var result = Retrieval.Evaluate(Queries(), QueryLabels, Gallery(), GalleryLabels, 60);

        double[] recalls = [.. Enumerable.Range(1, 60).Select(result.RecallAt)];
        Assert.That(recalls, Is.Ordered);
        Assert.That(recalls[4], Is.EqualTo(0.44).Within(1e-12));
        Assert.That(recalls[^1], Is.EqualTo(1));
        Assert.That(() => result.RecallAt(61), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => result.RecallAt(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => result.NeighborsOf(25).Length, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Half_precision_is_raised()
    {
        var result = Retrieval.Evaluate(Gallery().to(ScalarType.Float16), GalleryLabels, Gallery().to(ScalarType.Float16), GalleryLabels, 1);

        Assert.That(Enumerable.Range(0, 60).Select(i => result.NeighborsOf(i)[0]), Is.EqualTo(Enumerable.Range(0, 60)));
    }

    [Test]
    public void Features_with_a_gradient_are_taken_without_it()
    {
        var queries = Queries().requires_grad_();

        Assert.That(Retrieval.Evaluate(queries, QueryLabels, Gallery(), GalleryLabels, 1).RecallAt(1), Is.EqualTo(0.08).Within(1e-12));
        Assert.That(queries.requires_grad, Is.True);
    }

    [Test]
    public void Wrong_input_is_named()
    {
        Tensor queries = Queries(), gallery = Gallery();
        var broken = gallery.clone();
        broken.select(0, 3).fill_(double.NaN);

        Assert.Multiple(() =>
        {
            Rejects(queries.select(0, 0), QueryLabels, gallery, GalleryLabels, [1], "Retrieval: expected queries [Q,D], got [16]", "queries");
            Rejects(queries, QueryLabels, zeros([0, 16], ScalarType.Float64), [], [1], "Retrieval: expected gallery [G,D] without empty dimensions, got [0,16]", "gallery");
            Rejects(queries, QueryLabels, gallery.narrow(1, 0, 8), GalleryLabels, [1], "with features of one length, got 16 and 8", "gallery");
            Rejects(queries.to(ScalarType.Float32), QueryLabels, gallery, GalleryLabels, [1], "of one type, got Float32 and Float64", "gallery");
            Rejects(queries.to(ScalarType.Int64), QueryLabels, gallery, GalleryLabels, [1], "expected queries of a floating-point type, got Int64", "queries");
            Rejects(queries, QueryLabels, broken, GalleryLabels, [1], "expected finite gallery, got NaN, infinite or huge numbers", "gallery");
            Rejects(queries, [1, 2], gallery, GalleryLabels, [1], "expected 25 queryLabels, got 2", "queryLabels");
            Rejects(queries, QueryLabels, gallery, [1], [1], "expected 60 galleryLabels, got 1", "galleryLabels");
            Rejects(queries, QueryLabels, gallery, GalleryLabels, [], "Neighbors: expected one number or more, got none", "Neighbors");
            Rejects(queries, QueryLabels, gallery, GalleryLabels, [5, 0], "Neighbors: expected 1 to 60, got 0", "Neighbors");
            Rejects(queries, QueryLabels, gallery, GalleryLabels, [61], "Neighbors: expected 1 to 60, got 61", "Neighbors");
        });

        static void Rejects(Tensor queries, int[] queryLabels, Tensor gallery, int[] galleryLabels, int[] ks, string message, string parameter)
            => Assert.That(
                () => Retrieval.Evaluate(queries, queryLabels, gallery, galleryLabels, ks),
                Throws.InstanceOf<ArgumentException>().With.Message.Contains(message).And.Property("ParamName").EqualTo(parameter));
    }

    private static IEnumerable<int[]> NeighborsOf(RetrievalResult result) => Enumerable.Range(0, result.QueryCount).Select(query => result.NeighborsOf(query).ToArray());

    private static Tensor Queries() => Golden.Hash(4001, 25, 16);

    private static Tensor Gallery() => Golden.Hash(4000, 60, 16);

    private static double[][] Rows(Tensor tensor) => [.. tensor.data<double>().ToArray().Chunk((int)tensor.shape[1])];

    private static double Cosine(double[] a, double[] b)
    {
        double Dot(double[] x, double[] y) => x.Zip(y, (p, q) => p * q).Sum();
        return Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
    }
}
