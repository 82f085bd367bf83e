using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Core.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class GradientComputationTests : ScopedTests
{
    private static readonly ViewLayout Layout = new(2, 2);

    [Test]
    public void Caching_gives_the_gradients_and_statistics_of_one_graph(
        [Values] BatchNormScope statistics, [Values(null, 1, 2, 3, 5)] int? videosPerPass)
    {
        var plain = Run(cached: false, statistics, videosPerPass);
        var cached = Run(cached: true, statistics, videosPerPass);

        AssertSame(cached, plain);
    }

    [TestCase(null)]
    [TestCase(2)]
    public void Caching_follows_the_plan_of_passes(int? videosPerPass)
    {
        var plain = RunDualVar(cached: false, momentum: false, videosPerPass);
        var cached = RunDualVar(cached: true, momentum: false, videosPerPass);

        AssertSame(cached, plain);
        int groups = videosPerPass is null ? 1 : 3;
        Assert.That(plain.Buffers["bn.num_batches_tracked"], Is.EqualTo((double[])[2 * groups]));
    }

    [TestCase(null)]
    [TestCase(2)]
    public void Keys_take_no_part_in_gradient_caching(int? videosPerPass)
    {
        var plain = RunDualVar(cached: false, momentum: true, videosPerPass);
        var cached = RunDualVar(cached: true, momentum: true, videosPerPass);

        AssertSame(cached, plain);
        int groups = videosPerPass is null ? 1 : 3;
        Assert.That(plain.Buffers["bn.num_batches_tracked"], Is.EqualTo((double[])[2 * groups]), "the query and the shuffled pass");
        Assert.That(cached.Buffers["momentum.bn.num_batches_tracked"], Is.EqualTo((double[])[groups]), "the pass of the keys");
    }

    [TestCase(BatchNormScope.AllViews, null, 1)]
    [TestCase(BatchNormScope.AllViews, 2, 3)]
    [TestCase(BatchNormScope.PerView, null, 6)]
    [TestCase(BatchNormScope.PerView, 2, 18)]
    public void Running_statistics_are_updated_once_for_each_pass(BatchNormScope statistics, int? videosPerPass, int passes)
        => Assert.That(Run(cached: true, statistics, videosPerPass).Buffers["bn.num_batches_tracked"], Is.EqualTo((double[])[passes]));

    [Test]
    public void Passes_of_other_sizes_are_another_computation()
        => Assert.That(Run(cached: true, BatchNormScope.AllViews, 2).Values, Is.Not.EqualTo(Run(cached: true, BatchNormScope.AllViews, null).Values).Within(1e-6));

    [Test]
    public void The_measures_of_the_embeddings_are_those_of_loops()
    {
        var pooled = nn.functional.normalize(Golden.Hash(5, 2, 3, 4), 2, -1);
        var slices = nn.functional.normalize(Golden.Hash(6, 2, 3, 5, 4), 2, -1);
        using var embeddings = new TemporalEmbeddings(pooled.alias(), slices.alias(), null);
        var total = tensor(0.0);

        var values = BatchValues.Of(new LossResult(total, []), embeddings);

        var rows = Rows(pooled, 4);
        double deviation = Enumerable.Range(0, 4).Average(d => Math.Sqrt(rows.Average(row => row[d] * row[d]) - Math.Pow(rows.Average(row => row[d]), 2))) * 2;
        double similarity = Rows(slices, 4).Chunk(5).Average(clip => Pairs(5).Average(pair => clip[pair.I].Zip(clip[pair.J], (a, b) => a * b).Sum()));
        Assert.That(values.Names, Is.EqualTo(new[] { "loss", "embedding_deviation", "temporal_similarity" }));
        Assert.That(values.Values.data<double>().ToArray(), Is.EqualTo((double[])[0, deviation, similarity]).Within(1e-12));
    }

    private static IEnumerable<(int I, int J)> Pairs(int count)
        => Enumerable.Range(0, count).SelectMany(i => Enumerable.Range(0, count).Where(j => j != i).Select(j => (i, j)));

    private static double[][] Rows(Tensor values, int length) => [.. values.contiguous().data<double>().ToArray().Chunk(length)];

    private static Outcome Run(bool cached, BatchNormScope statistics, int? videosPerPass)
    {
        manual_seed(3);
        using var encoder = new FakeConvolution();
        using var head = new FakeHead(4);
        encoder.to(ScalarType.Float64);
        head.to(ScalarType.Float64);
        var configuration = new TrainerConfiguration { BatchNormScope = statistics, GradientCaching = cached };
        var computation = new GradientComputation(new Branch(encoder, [new(PassPlan.MainHead, head)], Type: null), null, new FakeLoss(), configuration);
        var clips = Golden.Hash(9, 5, 6, 3, 4, 2, 2).transpose(0, 1);
        var values = computation.Run(clips, Layout, videosPerPass, 0.5, new StepRandomness(1, 2, 0));
        return new Outcome(
            values.Values.data<double>().ToArray(),
            encoder.named_parameters().Concat(head.named_parameters().Select(entry => ("head." + entry.Item1, entry.Item2))).ToDictionary(entry => entry.Item1, entry => entry.Item2.grad!.contiguous().data<double>().ToArray(), StringComparer.Ordinal),
            encoder.named_buffers().ToDictionary(entry => entry.Item1, entry => entry.Item2.to(ScalarType.Float64).data<double>().ToArray(), StringComparer.Ordinal));
    }

    // The passes of DualVar: three views together, then the shuffled one, with a head of segments.
    private static Outcome RunDualVar(bool cached, bool momentum, int? videosPerPass)
    {
        manual_seed(3);
        using var encoder = new FakeConvolution();
        using var head = new FakeHead(4);
        using var series = new FakeSeriesHead(4);
        using var keyEncoder = new FakeConvolution();
        using var keyHead = new FakeHead(4);
        using var keySeries = new FakeSeriesHead(4);
        var configuration = new TrainerConfiguration { GradientCaching = cached, Passes = momentum ? PassPlan.DualVarMomentum : PassPlan.DualVar };
        var branch = new Branch(encoder, [new(PassPlan.MainHead, head), new(PassPlan.SeriesHead, series)], Type: null);
        var keys = new Branch(keyEncoder, [new(PassPlan.MainHead, keyHead), new(PassPlan.SeriesHead, keySeries)], Type: null);
        foreach (var network in branch.Networks.Concat(keys.Networks))
        {
            network.to(ScalarType.Float64);
        }

        var computation = new GradientComputation(branch, momentum ? keys : null, new FakeSeriesLoss(), configuration);
        var clips = Golden.Hash(9, 5, 3, 3, 4, 2, 2).transpose(0, 1);
        var values = computation.Run(clips, new ViewLayout(3, 0), videosPerPass, 1, new StepRandomness(1, 2, 0));
        Assert.That(keyEncoder.parameters().Concat(keySeries.parameters()).All(parameter => parameter.grad is null));
        return new Outcome(
            values.Values.data<double>().ToArray(),
            encoder.named_parameters().Concat(series.named_parameters().Select(entry => ("series." + entry.Item1, entry.Item2))).ToDictionary(entry => entry.Item1, entry => entry.Item2.grad!.contiguous().data<double>().ToArray(), StringComparer.Ordinal),
            encoder.named_buffers().Concat(keyEncoder.named_buffers().Select(entry => ("momentum." + entry.Item1, entry.Item2))).ToDictionary(entry => entry.Item1, entry => entry.Item2.to(ScalarType.Float64).data<double>().ToArray(), StringComparer.Ordinal));
    }

    private static void AssertSame(Outcome cached, Outcome plain)
    {
        Assert.That(cached.Values, Is.EqualTo(plain.Values).Within(1e-13));
        Assert.That(cached.Gradients.Keys, Is.EqualTo(plain.Gradients.Keys));
        foreach (var (name, expected) in plain.Gradients)
        {
            Assert.That(cached.Gradients[name], Is.EqualTo(expected).Within(1e-12 * expected.Max(Math.Abs)), name);
        }

        foreach (var (name, expected) in plain.Buffers)
        {
            Assert.That(cached.Buffers[name], Is.EqualTo(expected).Within(1e-13), name);
        }
    }

    private sealed record Outcome(double[] Values, IReadOnlyDictionary<string, double[]> Gradients, IReadOnlyDictionary<string, double[]> Buffers);
}
