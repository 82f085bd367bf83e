using Tclr.Losses.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>Values and gradients against those of the paper's authors' code.</summary>
/// <remarks>
/// The stored values have 10 digits. In single precision near-identical embeddings (gl_B) lose more than the others: the
/// loss is small against the similarities, which are rounded to 1e-6. The worst case was 9.9e-6 on OpenBLAS; the tolerance
/// leaves room for the rounding of another BLAS.
/// </remarks>
[NoTensorLeaks]
[TestFixture(ScalarType.Float64, 1e-9, LossKernel.Batched)]
[TestFixture(ScalarType.Float64, 1e-9, LossKernel.Fused)]
[TestFixture(ScalarType.Float32, 2e-5, LossKernel.Batched)]
[TestFixture(ScalarType.Float32, 2e-5, LossKernel.Fused)]
public sealed class GoldenTests(ScalarType type, double tolerance, LossKernel kernel) : ScopedTests
{
    private delegate Tensor PairLoss(Tensor first, Tensor second, double temperature);

    [TestCaseSource(nameof(NtXentCases))]
    public void Nt_xent(string name) => Check(GoldenLosses.All.NtXent.Single(c => string.Equals(c.Name, name, StringComparison.Ordinal)), (a, b, t) => Functional.NtXent(a, b, t, kernel: kernel));

    [TestCaseSource(nameof(NtXentCases))]
    public void InstanceContrastive_of_two_views(string name)
        => Check(
            GoldenLosses.All.NtXent.Single(c => string.Equals(c.Name, name, StringComparison.Ordinal)),
            (first, second, temperature) => Functional.InstanceContrastive(stack([first, second], 0), temperature, kernel: kernel));

    [TestCaseSource(nameof(LocalLocalCases))]
    public void Local_local(string name) => Check(GoldenLosses.All.LocalLocal.Single(c => string.Equals(c.Name, name, StringComparison.Ordinal)), (a, b, t) => Functional.LocalLocal(a, b, t, kernel: kernel));

    [TestCaseSource(nameof(GlobalLocalCases))]
    public void Global_local(string name) => Check(GoldenLosses.All.GlobalLocal.Single(c => string.Equals(c.Name, name, StringComparison.Ordinal)), (a, b, t) => Functional.GlobalLocal(a, b, t, kernel: kernel));

    [TestCaseSource(nameof(StepCases))]
    public void A_step_of_the_reference(string name)
    {
        var golden = GoldenLosses.All.Steps.Single(c => string.Equals(c.Name, name, StringComparison.Ordinal));
        var raw = golden.Raw(type);
        using var embeddings = GoldenEmbeddings.Of(raw);

        using var loss = new TclrLoss(new TclrLossOptions { InstanceTemperature = golden.Temperature, TemporalTemperature = golden.Temperature, Kernel = kernel });
        using var result = loss.Compute(embeddings);
        result.Total.backward();

        double worst = Math.Abs(result.Total.ToDouble() - golden.Total) / golden.Total;
        foreach (var term in result.Terms)
        {
            worst = Math.Max(worst, Math.Abs(term.Value.ToDouble() - golden.Terms[term.Name]) / Math.Max(1, golden.Terms[term.Name]));
        }

        foreach (var (key, norm) in golden.GradientNorms)
        {
            worst = Math.Max(worst, Math.Abs(raw[key].grad!.norm().ToDouble() - norm) / norm);
        }

        worst = Math.Max(worst, golden.Gradients.Max(gradient => gradient.Value.ErrorOf(raw[gradient.Key].grad!)));
        TestContext.Out.WriteLine(FormattableString.Invariant($"worst relative error {worst:G2}"));
        Assert.That(worst, Is.LessThan(tolerance));
    }

    private static IEnumerable<string> NtXentCases() => GoldenLosses.All.NtXent.Select(c => c.Name);

    private static IEnumerable<string> LocalLocalCases() => GoldenLosses.All.LocalLocal.Select(c => c.Name);

    private static IEnumerable<string> GlobalLocalCases() => GoldenLosses.All.GlobalLocal.Select(c => c.Name);

    private static IEnumerable<string> StepCases() => GoldenLosses.All.Steps.Select(c => c.Name);

    private void Check(GoldenPair golden, PairLoss loss)
    {
        Tensor[] raw = [golden.Raw(0, type), golden.Raw(1, type)];
        Tensor[] embeddings = [.. raw.Select(golden.Embed)];
        Tensor[] leaves = [.. embeddings.Select(embedding => embedding.detach().requires_grad_())];

        var value = loss(embeddings[0], embeddings[1], golden.Temperature);
        value.backward();
        loss(leaves[0], leaves[1], golden.Temperature).backward();

        double worst = Math.Abs(value.ToDouble() - golden.Loss) / Math.Max(1, golden.Loss);
        for (int i = 0; i < golden.Gradients.Count; i++)
        {
            worst = Math.Max(worst, golden.Gradients[i].ErrorOf(leaves[i].grad!));
        }

        for (int i = 0; i < golden.RawGradients.Count; i++)
        {
            worst = Math.Max(worst, golden.RawGradients[i].ErrorOf(raw[i].grad!));
        }

        TestContext.Out.WriteLine(FormattableString.Invariant($"worst relative error {worst:G2}"));
        Assert.Multiple(() =>
        {
            Assert.That(value.dtype, Is.EqualTo(type));
            Assert.That(value.dim(), Is.Zero);
            Assert.That(worst, Is.LessThan(tolerance));
        });
    }
}
