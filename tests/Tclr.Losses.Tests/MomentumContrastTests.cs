using Tclr.Core;
using Tclr.Losses.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>Momentum contrast and its bank of keys.</summary>
[NoTensorLeaks]
public sealed class MomentumContrastTests : ScopedTests
{
    [Test]
    public void The_clip_loss_is_the_reference()
    {
        var queries = nn.functional.normalize(Golden.SinT(0.1, 3, 16)).detach().requires_grad_();
        var keys = nn.functional.normalize(Golden.SinT(0.3, 3, 16));
        var queue = nn.functional.normalize(Golden.SinT(0.5, 16, 8), 2, 0).t();

        CheckGolden(FurtherLoss.All["dv_moco_clip"], queries, Functional.MomentumContrast(queries, keys, queue, 0.07));
    }

    [Test]
    public void The_temporal_coherent_loss_is_the_same_on_mean_segments()
    {
        var queries = nn.functional.normalize(Golden.SinT(0.1, 3, 2, 8), 2, 2).detach().requires_grad_();
        var keys = nn.functional.normalize(Golden.SinT(0.3, 3, 2, 8), 2, 2);
        var queue = nn.functional.normalize(Golden.SinT(0.5, 16, 8).view(2, 8, 8), 2, 1).mean([0]).t();

        CheckGolden(FurtherLoss.All["dv_moco_tc"], queries, Functional.MomentumContrast(queries.mean([1]), keys.mean([1]), queue, 0.07));
    }

    [Test]
    public void It_is_the_equation([Values(1, 4)] int b, [Values(1, 7)] int k, [Values(0.005, 0.07, 1)] double temperature)
    {
        Tensor queries = Arrays.UnitRows(1, b, 8), keys = Arrays.UnitRows(2, b, 8), queue = Arrays.UnitRows(3, k, 8);

        double expected = PlainLoops.MomentumContrast(Arrays.Matrix(queries), Arrays.Matrix(keys), Arrays.Matrix(queue), temperature);

        Assert.That(Functional.MomentumContrast(queries, keys, queue, temperature).ToDouble(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Gradients_reach_the_queries_only()
    {
        Tensor queries = Arrays.UnitRows(1, 3, 8).requires_grad_(), keys = Arrays.UnitRows(2, 3, 8).requires_grad_(), queue = Arrays.UnitRows(3, 5, 8).requires_grad_();

        Functional.MomentumContrast(queries, keys, queue, 0.1).backward();

        Assert.That(queries.grad, Is.Not.Null);
        Assert.That(keys.grad, Is.Null);
        Assert.That(queue.grad, Is.Null);
    }

    [Test]
    public void The_bank_replaces_the_oldest_keys()
    {
        using var bank = new MemoryBank(5, 2, seed: 3);
        double[][] before = Arrays.Matrix(bank.Rows);

        bank.Enqueue(tensor(new float[] { 1, 1, 2, 2, 3, 3 }, [3, 2]));
        bank.Enqueue(tensor(new float[] { 4, 4, 5, 5, 6, 6 }, [3, 2]));

        Assert.That(Arrays.Matrix(bank.Rows).Select(row => row[0]), Is.EqualTo(new double[] { 6, 2, 3, 4, 5 }));
        Assert.That(bank.Position, Is.EqualTo(1));
        Assert.That(before.Select(row => Math.Sqrt((row[0] * row[0]) + (row[1] * row[1]))), Is.All.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void A_bank_goes_on_where_another_stopped()
    {
        using var first = new MemoryBank(4, 2, seed: 1);
        using var second = new MemoryBank(4, 2, seed: 2);
        first.Enqueue(ones([3, 2]));

        second.Restore(first.Rows, first.Position);
        first.Enqueue(ones([2, 2]) * 2);
        second.Enqueue(ones([2, 2]) * 2);

        Assert.That(Arrays.Matrix(second.Rows), Is.EqualTo(Arrays.Matrix(first.Rows)));
        Assert.That(second.Position, Is.EqualTo(first.Position));
    }

    [Test]
    public void The_loss_keeps_its_keys_for_later()
    {
        using var bank = new MemoryBank(8, 8);
        using var loss = new MomentumContrastLoss(bank);
        Tensor queries = Arrays.UnitRows(1, 1, 3, 8), keys = Arrays.UnitRows(2, 1, 3, 8);
        using var embeddings = new TemporalEmbeddings(queries, null, null) { Keys = new TemporalEmbeddings(keys, null, null) };

        for (int step = 0; step < 3; step++)
        {
            double expected = Functional.MomentumContrast(queries[0], keys[0], bank.Rows.to(ScalarType.Float64), 0.07).ToDouble();
            using var result = loss.Compute(embeddings);
            Assert.That(result.Total.ToDouble(), Is.EqualTo(expected).Within(1e-12), "the keys of the steps before are negatives, those of this step are not");
        }

        Assert.That(bank.Position, Is.EqualTo(1));
        Assert.That((bank.Rows.narrow(0, 6, 2) - keys[0].narrow(0, 0, 2).to(ScalarType.Float32)).abs().max().ToDouble(), Is.LessThan(1e-7));
    }

    [Test]
    public void New_keys_leave_the_gradient_of_the_step_alone()
    {
        using var loss = new MomentumContrastLoss(new MemoryBank(8, 8));
        Tensor queries = Arrays.UnitRows(1, 1, 3, 8).to(ScalarType.Float32).detach().requires_grad_(), keys = Arrays.UnitRows(2, 1, 3, 8).to(ScalarType.Float32);
        using var embeddings = new TemporalEmbeddings(queries, null, null) { Keys = new TemporalEmbeddings(keys, null, null) };

        using var result = loss.Compute(embeddings);

        Assert.That(() => result.Total.backward(), Throws.Nothing);
        Assert.That(queries.grad!.abs().sum().ToDouble(), Is.Positive);
    }

    [Test]
    public void Without_a_momentum_encoder_the_loss_is_refused()
    {
        using var loss = new MomentumContrastLoss(new MemoryBank(8, 8));
        using var embeddings = new TemporalEmbeddings(Arrays.UnitRows(1, 2, 3, 8), null, null);
        var views = new ViewLayout(2, 0);

        Assert.That(() => loss.Compute(embeddings), Throws.ArgumentException.With.Message.Contains("expected keys of a momentum encoder, got none"));
        Assert.That(loss.FindMistakes(new TrainingSetup(4, views, new PassPlan([new ViewPass([0, 1])]), [PassPlan.MainHead])), Has.One.Contains("call WithMomentumEncoder() and WithPasses(PassPlan.MomentumContrast)"));
        Assert.That(loss.FindMistakes(new TrainingSetup(3, views, PassPlan.MomentumContrast, [PassPlan.MainHead])), Has.One.Contains("the batch size 3 divides, such as 9; it has 8"));
        Assert.That(loss.FindMistakes(new TrainingSetup(4, views, PassPlan.MomentumContrast, [PassPlan.MainHead])), Is.Empty);
    }

    [Test]
    public void Keys_that_are_not_finite_leave_those_before_them()
    {
        using var bank = new MemoryBank(3, 2);
        bank.Enqueue(ones([3, 2]));

        bank.Enqueue(tensor(new float[] { 2, float.NaN, 3, 3 }, [2, 2]));

        Assert.That(Arrays.Matrix(bank.Rows).Select(row => row[0]), Is.EqualTo(new double[] { 1, 3, 1 }));
        Assert.That(bank.Position, Is.EqualTo(2));
    }

    [Test]
    public void A_bank_of_segments_starts_with_unit_segments()
    {
        using var bank = new MemoryBank(5, 4, segments: 3);

        Assert.That(bank.Rows.shape, Is.EqualTo(new long[] { 5, 3, 4 }));
        Assert.That((bank.Rows.norm(2) - 1f).abs().max().ToDouble(), Is.LessThan(1e-6));
        Assert.That(() => bank.Enqueue(zeros([2, 4])), Throws.ArgumentException.With.Message.Contains("[B,3,4]"));
    }

    [Test]
    public void Bad_input_is_named()
    {
        using var bank = new MemoryBank(4, 8);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => Functional.MomentumContrast(zeros([3, 8]), zeros([3, 8]), zeros([4, 6]), 0.1),
                Throws.ArgumentException.With.Message.Contains("expected queue [K,8], got [4,6]").And.Property("ParamName").EqualTo("queue"));
            Assert.That(
                () => Functional.MomentumContrast(zeros([3, 8]), zeros([3, 8]), zeros([4, 8], ScalarType.Float64), 0.1),
                Throws.ArgumentException.With.Message.Contains("expected queries and queue of one type, got Float32 and Float64"));
            Assert.That(() => bank.Enqueue(zeros([5, 8])), Throws.ArgumentException.With.Message.Contains("expected at most 4 keys, got [5,8]"));
            Assert.That(() => bank.Restore(zeros([4, 7]), 0), Throws.ArgumentException.With.Message.Contains("expected rows [4,8], got [4,7]"));
            Assert.That(() => bank.Restore(zeros([4, 8]), 4), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    private static void CheckGolden(FurtherLoss golden, Tensor queries, Tensor value)
    {
        value.backward();
        Assert.That(value.ToDouble(), Is.EqualTo(golden.Loss).Within(1e-9));
        Assert.That(golden.GradQ!.ErrorOf(queries.grad!), Is.LessThan(1e-9));
    }
}
