using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>What must hold for any embeddings.</summary>
[NoTensorLeaks]
public sealed class PropertyTests : ScopedTests
{
    private const int B = 5;
    private const int T = 4;
    private const int D = 16;
    private const double Temperature = 0.1;

    /// <summary>A loss of two tensors <c>[B, T, D]</c>.</summary>
    public delegate Tensor Loss(Tensor first, Tensor second, double temperature);

    private static IEnumerable<TestCaseData> Losses()
    {
        foreach (var kernel in new[] { LossKernel.Batched, LossKernel.Fused })
        {
            TestCaseData Case(string name, Loss loss) => new TestCaseData(loss).SetArgDisplayNames(name, kernel.ToString());
            yield return Case("NtXent", (a, b, t) => Functional.NtXent(a.flatten(0, 1), b.flatten(0, 1), t, kernel: kernel));
            yield return Case("InstanceContrastive", (a, b, t) => Functional.InstanceContrastive(cat([a, b], 1).transpose(0, 1), t, kernel: kernel));
            yield return Case("LocalLocal", (a, b, t) => Functional.LocalLocal(a, b, t, kernel: kernel));
            yield return Case("GlobalLocal", (a, b, t) => Functional.GlobalLocal(a, b, t, kernel: kernel));
        }
    }

    [TestCaseSource(nameof(Losses))]
    public void The_order_of_videos_does_not_matter(Loss loss)
    {
        var (first, second) = Pair();
        var order = tensor(new long[] { 3, 0, 4, 1, 2 });

        Assert.That(
            loss(first.index_select(0, order), second.index_select(0, order), Temperature).ToDouble(),
            Is.EqualTo(loss(first, second, Temperature).ToDouble()).Within(1e-12));
    }

    [TestCaseSource(nameof(Losses))]
    public void The_order_of_timesteps_does_not_matter(Loss loss)
    {
        var (first, second) = Pair();
        var order = tensor(new long[] { 2, 0, 3, 1 });

        Assert.That(
            loss(first.index_select(1, order), second.index_select(1, order), Temperature).ToDouble(),
            Is.EqualTo(loss(first, second, Temperature).ToDouble()).Within(1e-12));
    }

    [TestCaseSource(nameof(Losses))]
    public void The_two_sides_can_be_swapped(Loss loss)
    {
        var (first, second) = Pair();

        Assert.That(loss(second, first, Temperature).ToDouble(), Is.EqualTo(loss(first, second, Temperature).ToDouble()).Within(1e-12));
    }

    [TestCaseSource(nameof(Losses))]
    public void Turning_all_embeddings_changes_nothing(Loss loss)
    {
        var (first, second) = Pair();

        // A reflection followed by another one is a rotation.
        var rotation = Reflection(21).mm(Reflection(22));
        Tensor Turned(Tensor rows) => rows.reshape(B * T, D).mm(rotation).view(B, T, D);

        Assert.That(loss(Turned(first), Turned(second), Temperature).ToDouble(), Is.EqualTo(loss(first, second, Temperature).ToDouble()).Within(1e-12));
    }

    [TestCaseSource(nameof(Losses))]
    public void Wrong_matches_cost_more(Loss loss)
    {
        var (first, _) = Pair();
        var shifted = first.index_select(0, tensor(new long[] { 1, 2, 3, 4, 0 })).index_select(1, tensor(new long[] { 1, 2, 3, 0 }));

        Assert.That(loss(first, shifted, Temperature).ToDouble(), Is.GreaterThan(loss(first, first, Temperature).ToDouble() + 1));
    }

    [TestCaseSource(nameof(Losses))]
    public void Descending_the_gradient_lowers_the_loss(Loss loss)
    {
        var (first, second) = Pair();
        first.requires_grad_();
        var before = loss(first, second, Temperature);
        before.backward();

        var step = first.detach() - (first.grad! * 1e-3);

        Assert.That(loss(step, second, Temperature).ToDouble(), Is.LessThan(before.ToDouble()));
    }

    [TestCaseSource(nameof(Losses))]
    public void Finite_at_extreme_temperatures(Loss loss)
    {
        foreach (double temperature in new[] { 0.005, 10.0 })
        {
            foreach (var second in new[] { Pair().First, Pair().Second, Pair().First * -1 })
            {
                var first = Pair().First.to(ScalarType.Float32).requires_grad_();
                var value = loss(first, second.to(ScalarType.Float32), temperature);
                value.backward();

                Assert.That(float.IsFinite(value.item<float>()), Is.True, $"loss at {temperature}");
                Assert.That(first.grad!.data<float>().ToArray(), Is.All.Matches<float>(float.IsFinite), $"gradient at {temperature}");
            }
        }
    }

    [TestCaseSource(nameof(Losses))]
    public void Single_precision_is_near_double(Loss loss)
    {
        var (first, second) = Pair();
        var wide = first.requires_grad_();
        var narrow = first.detach().to(ScalarType.Float32).requires_grad_();

        var expected = loss(wide, second, Temperature);
        var actual = loss(narrow, second.to(ScalarType.Float32), Temperature);
        expected.backward();
        actual.backward();

        Assert.Multiple(() =>
        {
            Assert.That(actual.dtype, Is.EqualTo(ScalarType.Float32));
            Assert.That(actual.ToDouble(), Is.EqualTo(expected.ToDouble()).Within(1e-5 * expected.ToDouble()));
            double error = (wide.grad! - narrow.grad!.to(ScalarType.Float64)).norm().ToDouble() / wide.grad!.norm().ToDouble();
            Assert.That(error, Is.LessThan(1e-5));
        });
    }

    [TestCaseSource(nameof(Losses))]
    public void Half_precision_is_raised(Loss loss)
    {
        foreach (var type in new[] { ScalarType.Float16, ScalarType.BFloat16 })
        {
            var (first, second) = Pair();
            first = first.to(type).requires_grad_();
            second = second.to(type);

            var value = loss(first, second, 0.07);
            value.backward();

            double expected = loss(first.detach().to(ScalarType.Float64), second.to(ScalarType.Float64), 0.07).ToDouble();
            Assert.That(value.dtype, Is.EqualTo(ScalarType.Float32));
            Assert.That(first.grad!.dtype, Is.EqualTo(type));
            Assert.That(value.ToDouble(), Is.EqualTo(expected).Within(1e-5 * expected));
        }
    }

    [TestCaseSource(nameof(Losses))]
    public void Inputs_stay_alive_and_unchanged(Loss loss)
    {
        var (first, second) = Pair();
        double[] before = first.data<double>().ToArray();

        using (NewDisposeScope())
        {
            loss(first, second, Temperature);
        }

        Assert.That(first.data<double>().ToArray(), Is.EqualTo(before));
        Assert.That(second.IsInvalid, Is.False);
    }

    [Test]
    public void One_matrix_equals_all_pairs([Values(2, 3, 8)] int v)
    {
        var together = Arrays.UnitRows(31, v, B, D).requires_grad_();
        var apart = together.detach().requires_grad_();
        var one = Functional.InstanceContrastive(together, Temperature);
        one.backward();

        var pairs = from a in Enumerable.Range(0, v)
                    from b in Enumerable.Range(a + 1, v - a - 1)
                    select Functional.NtXent(View(apart, a), View(apart, b), Temperature);
        var all = stack(pairs, 0).mean();
        all.backward();

        Assert.That(one.ToDouble(), Is.EqualTo(all.ToDouble()).Within(1e-12));
        Assert.That((together.grad! - apart.grad!).abs().max().ToDouble(), Is.LessThan(1e-12));
    }

    [Test]
    public void LocalLocal_is_NtXent_of_each_video()
    {
        var (first, second) = Pair();

        double expected = Enumerable.Range(0, B).Average(i => Functional.NtXent(first.select(0, i), second.select(0, i), Temperature).ToDouble());

        Assert.That(Functional.LocalLocal(first, second, Temperature).ToDouble(), Is.EqualTo(expected).Within(1e-12));
    }

    private static (Tensor First, Tensor Second) Pair() => (Arrays.UnitRows(11, B, T, D), Arrays.UnitRows(12, B, T, D));

    private static Tensor View(Tensor views, int index) => views.select(0, index);

    private static Tensor Reflection(uint seed)
    {
        var axis = Arrays.UnitRows(seed, 1, D);
        return eye(D, dtype: ScalarType.Float64) - (axis.t().mm(axis) * 2);
    }
}
