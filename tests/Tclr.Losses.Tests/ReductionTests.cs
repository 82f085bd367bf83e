using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>None, sum and mean of the same values.</summary>
[NoTensorLeaks]
public sealed class ReductionTests : ScopedTests
{
    private const int B = 5;
    private const int T = 3;

    /// <summary>A loss with a choice of reduction.</summary>
    public delegate Tensor Loss(nn.Reduction reduction);

    private static IEnumerable<TestCaseData> Losses()
    {
        static Tensor First() => Arrays.UnitRows(1, B, T, 8);
        static Tensor Second() => Arrays.UnitRows(2, B, T, 8);
        TestCaseData Case(string name, long count, Loss loss) => new TestCaseData(loss, count).SetArgDisplayNames(name);
        yield return Case("NtXent", 2 * B, r => Functional.NtXent(First().select(1, 0), Second().select(1, 0), 0.1, r));
        yield return Case("InstanceContrastive", T * (T - 1) / 2, r => Functional.InstanceContrastive(First().transpose(0, 1), 0.1, r));
        yield return Case("LocalLocal", B, r => Functional.LocalLocal(First(), Second(), 0.1, r));
        yield return Case("GlobalLocal", B, r => Functional.GlobalLocal(First(), Second(), 0.1, r));
        yield return Case("ShuffleRank", B, r => Functional.ShuffleRank(First(), Second(), reduction: r));
        yield return Case("TemporalCoherent", 2 * B, r => Functional.TemporalCoherent(First(), Second(), 0.1, r));
        yield return Case("MomentumContrast", B, r => Functional.MomentumContrast(First().select(1, 0), Second().select(1, 0), Second().select(1, 1), 0.1, r));
    }

    [TestCaseSource(nameof(Losses))]
    public void Mean_and_sum_are_those_of_the_values(Loss loss, long count)
    {
        var values = loss(nn.Reduction.None);

        Assert.Multiple(() =>
        {
            Assert.That(values.shape, Is.EqualTo(new[] { count }));
            Assert.That(loss(nn.Reduction.Sum).ToDouble(), Is.EqualTo(values.sum().ToDouble()).Within(1e-12));
            Assert.That(loss(nn.Reduction.Mean).ToDouble(), Is.EqualTo(values.mean().ToDouble()).Within(1e-12));
        });
    }

    [Test]
    public void Values_are_those_of_each_part()
    {
        Tensor first = Arrays.UnitRows(1, B, T, 8), second = Arrays.UnitRows(2, B, T, 8);
        double[] locals = Functional.LocalLocal(first, second, 0.1, nn.Reduction.None).data<double>().ToArray();
        double[] matches = Functional.GlobalLocal(first, second, 0.1, nn.Reduction.None).data<double>().ToArray();
        double[] ranks = Functional.ShuffleRank(first, second, reduction: nn.Reduction.None).data<double>().ToArray();
        for (int video = 0; video < B; video++)
        {
            Tensor One(Tensor all) => all.narrow(0, video, 1);
            Assert.That(locals[video], Is.EqualTo(Functional.LocalLocal(One(first), One(second), 0.1).ToDouble()).Within(1e-12));
            Assert.That(matches[video], Is.EqualTo(Functional.GlobalLocal(One(first), One(second), 0.1).ToDouble()).Within(1e-12));
            Assert.That(ranks[video], Is.EqualTo(Functional.ShuffleRank(One(first), One(second)).ToDouble()).Within(1e-12));
        }

        double[] pairs = Functional.InstanceContrastive(first.transpose(0, 1), 0.1, nn.Reduction.None).data<double>().ToArray();
        (int A, int B)[] order = [(0, 1), (0, 2), (1, 2)];
        Assert.That(
            pairs,
            Is.EqualTo(order.Select(pair => Functional.NtXent(first.select(1, pair.A), first.select(1, pair.B), 0.1).ToDouble())).Within(1e-12));
    }

    [Test]
    public void The_fused_kernel_has_no_single_values()
        => Assert.That(
            () => Functional.NtXent(Arrays.UnitRows(1, 3, 8), Arrays.UnitRows(2, 3, 8), 0.1, nn.Reduction.None, LossKernel.Fused),
            Throws.ArgumentException.With.Message.Contains("NtXent: LossKernel.Fused needs embeddings on the CPU and a mean or a sum, got cpu and None"));
}
