using Tclr.Core;
using Tclr.Losses.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>The losses of DualVar against the authors' code, plain loops and each other.</summary>
[NoTensorLeaks]
public sealed class DualVarTests : ScopedTests
{
    [TestCase("dv_clip_A", 4, 8, LossKernel.Batched)]
    [TestCase("dv_clip_A", 4, 8, LossKernel.Fused)]
    [TestCase("dv_clip_B", 3, 16, LossKernel.Fused)]
    public void Clip_contrast_is_NtXent(string name, int b, int d, LossKernel kernel)
        => CheckGolden(FurtherLoss.All[name], Golden.SinT(0.4, b, 2, d), z => Functional.NtXent(z.select(1, 0), z.select(1, 1), 0.07, kernel: kernel));

    [TestCase("dv_rank_A", 0.4, 3, 2, 8, 0.5)]
    [TestCase("dv_rank_B", 1.7, 2, 2, 64, 0.5)]
    [TestCase("dv_rank_C_S4", 0.9, 2, 4, 8, 1)]
    public void ShuffleRank_is_the_reference(string name, double phase, int b, int s, int d, double weight)
    {
        var golden = FurtherLoss.All[name];
        CheckGolden(golden, Golden.SinT(phase, b, s, 2, d), z => Functional.ShuffleRank(z.select(2, 0), z.select(2, 1)) * weight);

        var raw = nn.functional.normalize(Golden.SinT(phase, b, s, 2, d), 2, 3);
        double uncapped = Functional.ShuffleRank(raw.select(2, 0), raw.select(2, 1), cap: double.PositiveInfinity).ToDouble() * weight;
        Assert.That(uncapped, Is.EqualTo(golden.MocoVariantLossNoClip).Within(1e-9 * golden.MocoVariantLossNoClip));
    }

    [Test]
    public void ShuffleRank_of_similar_segments_is_the_reference()
    {
        var raw = Golden.SinT(0.2, 3, 1, 1, 16) + (Golden.SinT(2.2, 3, 2, 2, 16) * 0.25);

        CheckGolden(FurtherLoss.All["dv_rank_D_close"], raw, z => Functional.ShuffleRank(z.select(2, 0), z.select(2, 1)) * 0.5);
    }

    [Test]
    public void ShuffleRank_is_the_loops([Values(1, 3)] int b, [Values(2, 3)] int s, [Values(0.05, 0.5)] double margin, [Values(1, 5, double.PositiveInfinity)] double cap)
    {
        Tensor first = Arrays.UnitRows(1, b, s, 8), second = Arrays.UnitRows(2, b, s, 8);

        double expected = PlainLoops.ShuffleRank(Arrays.Cube(first), Arrays.Cube(second), margin, cap);

        Assert.That(Functional.ShuffleRank(first, second, margin, cap).ToDouble(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Equal_segments_cannot_be_ranked()
    {
        var equal = ones([2, 3, 4], ScalarType.Float64) / 2;

        Assert.That(Functional.ShuffleRank(equal, equal).ToDouble(), Is.EqualTo(Math.Log(2)).Within(1e-14));
    }

    [TestCase("dv_tc_A", 4, 2, 8, LossKernel.Batched)]
    [TestCase("dv_tc_A", 4, 2, 8, LossKernel.Fused)]
    [TestCase("dv_tc_B", 3, 2, 64, LossKernel.Fused)]
    [TestCase("dv_tc_C_S4", 2, 4, 8, LossKernel.Fused)]
    public void TemporalCoherent_is_the_reference(string name, int b, int s, int d, LossKernel kernel)
        => CheckGolden(FurtherLoss.All[name], Golden.SinT(0.6, b, 2, s, d), z => Functional.TemporalCoherent(z.select(1, 0), z.select(1, 1), 0.07, kernel: kernel));

    [Test]
    public void TemporalCoherent_compares_all_segments_with_all()
    {
        Tensor first = Arrays.UnitRows(1, 3, 2, 8), second = Arrays.UnitRows(2, 3, 2, 8);

        double expected = PlainLoops.TemporalCoherent(Arrays.Cube(first), Arrays.Cube(second), 0.2);

        Assert.That(Functional.TemporalCoherent(first, second, 0.2).ToDouble(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void The_sum_has_four_terms()
    {
        var clips = Arrays.UnitRows(1, 2, 3, 8).requires_grad_();
        var segments = Arrays.UnitRows(2, 4, 3, 2, 6).requires_grad_();
        using var embeddings = new TemporalEmbeddings(clips, null, null) { Heads = Series(segments) };

        using var result = new DualVarLoss().Compute(embeddings);
        result.Total.backward();

        Assert.Multiple(() =>
        {
            Assert.That(result.Terms.Select(term => term.Name), Is.EqualTo(new[] { "clip", "temporal_coherent", "rank_augmented", "rank_plain" }));
            Assert.That(result.Total.ToDouble(), Is.EqualTo(result.Terms.Sum(term => term.Value.ToDouble())).Within(1e-12));
            Assert.That(result.Terms[2].Value.ToDouble(), Is.EqualTo(Functional.ShuffleRank(segments.select(0, 0), segments.select(0, 3)).ToDouble() / 2).Within(1e-12));
            Assert.That(result.Terms[3].Value.ToDouble(), Is.EqualTo(Functional.ShuffleRank(segments.select(0, 2), segments.select(0, 3)).ToDouble() / 2).Within(1e-12));
            Assert.That(segments.grad!.abs().max().ToDouble(), Is.GreaterThan(0));
        });
    }

    [Test]
    public void Ranks_alone_leave_out_the_coherence()
    {
        using var embeddings = new TemporalEmbeddings(Arrays.UnitRows(1, 2, 3, 8), null, null) { Heads = Series(Arrays.UnitRows(2, 4, 3, 2, 6)) };

        using var all = new DualVarLoss().Compute(embeddings);
        using var result = new DualVarLoss(new DualVarLossOptions { TemporalCoherence = false, RankWeight = 2 }).Compute(embeddings);

        Assert.That(result.Terms.Select(term => term.Name), Is.EqualTo(new[] { "clip", "rank_augmented", "rank_plain" }));
        Assert.That(result.Terms[1].Value.ToDouble(), Is.EqualTo(4 * all.Terms[2].Value.ToDouble()).Within(1e-12));
    }

    [Test]
    public void Four_views_of_segments_are_needed()
    {
        using var without = new TemporalEmbeddings(Arrays.UnitRows(1, 2, 3, 8), null, null);
        using var three = new TemporalEmbeddings(Arrays.UnitRows(1, 2, 3, 8), null, null) { Heads = Series(Arrays.UnitRows(2, 3, 3, 2, 8)) };

        Assert.That(() => new DualVarLoss().Compute(without), Throws.ArgumentException.With.Message.Contains("expected embeddings of the head 'series', got none"));
        Assert.That(() => new DualVarLoss().Compute(three), Throws.ArgumentException.With.Message.Contains("expected series [4,B,S,E], got [3,3,2,8]"));
    }

    [Test]
    public void Three_steps_of_the_momentum_form_are_the_loops()
    {
        const int Steps = 3, B = 2, K = 4;
        using var loss = new DualVarMomentumLoss(new MemoryBank(K, 8, seed: 1), new MemoryBank(K, 6, seed: 2, segments: 2));
        var state = loss.SaveState().ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        var clipQueue = Arrays.Matrix(state["clips.rows"]).ToList();
        var segmentQueue = Arrays.Cube(state["segments.rows"]).ToList();
        for (uint step = 0; step < Steps; step++)
        {
            Tensor clips = Arrays.UnitRows(10 + step, 1, B, 8), segments = Arrays.UnitRows(20 + step, 3, B, 2, 6);
            Tensor keys = Arrays.UnitRows(30 + step, 1, B, 8), keySegments = Arrays.UnitRows(40 + step, 1, B, 2, 6);
            using var embeddings = new TemporalEmbeddings(clips.requires_grad_(), null, null)
            {
                Heads = Series(segments.requires_grad_()),
                Keys = new TemporalEmbeddings(keys, null, null) { Heads = Series(keySegments) },
            };

            using var result = loss.Compute(embeddings);
            result.Total.backward();

            double[] expected =
            [
                PlainLoops.MomentumContrast(Arrays.Matrix(clips[0]), Arrays.Matrix(keys[0]), [.. clipQueue], 0.07),
                Coherence(Arrays.Cube(segments[0]), Arrays.Cube(keySegments[0]), segmentQueue),
                PlainLoops.ShuffleRank(Arrays.Cube(segments[0]), Arrays.Cube(segments[2]), 0.05, double.PositiveInfinity) / 2,
                PlainLoops.ShuffleRank(Arrays.Cube(segments[1]), Arrays.Cube(segments[2]), 0.05, double.PositiveInfinity) / 2,
            ];
            Assert.That(result.Terms.Select(term => term.Value.ToDouble()), Is.EqualTo(expected).Within(1e-6), $"step {step}");
            Assert.That(result.Total.ToDouble(), Is.EqualTo(expected.Sum()).Within(1e-6));
            Assert.That(segments.grad!.abs().flatten(1).sum(1).data<double>().ToArray(), Has.All.GreaterThan(0), "view 0, view 2 and the shuffled one are trained");
            for (int i = 0; i < B; i++)
            {
                int place = (int)((step * B) + i) % K;
                clipQueue[place] = Arrays.Matrix(keys[0])[i];
                segmentQueue[place] = Arrays.Cube(keySegments[0])[i];
            }
        }

        // The mean over all products of a segment of one and a segment of the other.
        static double Coherence(double[][][] queries, double[][][] keys, IReadOnlyList<double[][]> queue)
        {
            double sum = 0;
            for (int i = 0; i < queries.Length; i++)
            {
                double positive = Math.Exp(Similarity(queries[i], keys[i]) / 0.07);
                sum -= Math.Log(positive / (positive + queue.Sum(key => Math.Exp(Similarity(queries[i], key) / 0.07))));
            }

            return sum / queries.Length;
        }

        static double Similarity(double[][] first, double[][] second)
            => first.Average(a => second.Average(b => a.Zip(b, (x, y) => x * y).Sum()));
    }

    [Test]
    public void A_run_that_does_not_fit_is_refused_before_it_starts()
    {
        using var momentum = new DualVarMomentumLoss(new MemoryBank(10, 8), new MemoryBank(10, 6, segments: 2));
        string[] heads = [PassPlan.MainHead, PassPlan.SeriesHead];
        var views = new ViewLayout(3, 0);
        Assert.Multiple(() =>
        {
            Assert.That(new DualVarLoss().FindMistakes(new TrainingSetup(4, views, PassPlan.DualVar, heads)), Is.Empty);
            Assert.That(new DualVarLoss().FindMistakes(new TrainingSetup(4, views, PassPlan.DualVar, [PassPlan.MainHead])), Has.One.Contains("AddHead(\"series\", ...)"));
            Assert.That(momentum.FindMistakes(new TrainingSetup(5, views, PassPlan.DualVarMomentum, heads)), Is.Empty);
            Assert.That(momentum.FindMistakes(new TrainingSetup(4, views, PassPlan.DualVarMomentum, heads)), Has.One.Contains("the batch size 4 divides, such as 12; it has 10"));
            Assert.That(momentum.FindMistakes(new TrainingSetup(5, views, PassPlan.DualVar, heads)), Has.Some.Contains("call WithMomentumEncoder()"));
        });
    }

    private static Dictionary<string, Tensor> Series(Tensor segments) => new(StringComparer.Ordinal) { [PassPlan.SeriesHead] = segments };

    private static void CheckGolden(FurtherLoss golden, Tensor raw, Func<Tensor, Tensor> loss)
    {
        raw.requires_grad_();
        var z = nn.functional.normalize(raw, 2, raw.dim() - 1);
        var leaf = z.detach().requires_grad_();
        var value = loss(z);
        value.backward();
        loss(leaf).backward();

        Assert.Multiple(() =>
        {
            Assert.That(value.ToDouble(), Is.EqualTo(golden.Loss).Within(1e-9 * Math.Max(1, golden.Loss)));
            Assert.That(golden.GradZ!.ErrorOf(leaf.grad!), Is.LessThan(1e-9));
            Assert.That(golden.GradRaw!.ErrorOf(raw.grad!), Is.LessThan(1e-9));
        });
    }
}
