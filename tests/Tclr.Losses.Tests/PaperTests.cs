using Tclr.Core;
using Tclr.Losses.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>The equations of the paper, 1 to 5.</summary>
[NoTensorLeaks]
[TestFixture(LossKernel.Batched)]
[TestFixture(LossKernel.Fused)]
public sealed class PaperTests(LossKernel kernel) : ScopedTests
{
    // Of the embeddings of the golden step A: equation 1 summed over the 3 videos, equations 2 and 4 for each.
    private static readonly (string Name, double Mean)[] StepA =
    [
        ("ic", 1.255035786 / 3),
        ("local_local", (17.24809011 + 11.89008644 + 14.74569151) / 3),
        ("global_local", (10.89967729 + 11.20002068 + 10.8295354) / 3),
    ];

    [Test]
    public void The_golden_step_by_the_equations()
    {
        var golden = GoldenLosses.All.Steps.Single(step => step.Name.EndsWith('A'));
        using var embeddings = GoldenEmbeddings.Of(golden.Raw(ScalarType.Float64));

        using var loss = new TclrLoss(Options());
        using var result = loss.Compute(embeddings);

        Assert.That(result.Terms.Select(term => term.Name), Is.EqualTo(StepA.Select(term => term.Name)));
        foreach (var (term, (name, mean)) in result.Terms.Zip(StepA))
        {
            Assert.That(term.Value.ToDouble(), Is.EqualTo(mean).Within(1e-9 * mean), name);
        }

        Assert.That(result.Total.ToDouble(), Is.EqualTo(StepA.Sum(term => term.Mean)).Within(1e-8));
    }

    [Test]
    public void It_is_the_loops([Values(1, 3)] int b, [Values(2, 4)] int t)
    {
        const double Temperature = 0.2;
        Tensor global = Arrays.UnitRows(1, 2, b, 8), slices = Arrays.UnitRows(2, 2, b, t, 8), locals = Arrays.UnitRows(3, 2, b, t, 8);
        using var embeddings = new TemporalEmbeddings(global.alias(), slices.alias(), locals.alias());

        using var loss = new TclrLoss(Options() with { InstanceTemperature = Temperature, TemporalTemperature = Temperature });
        using var result = loss.Compute(embeddings);

        double[][][] g = Arrays.Cube(global), first = Arrays.Cube(locals.select(0, 0)), second = Arrays.Cube(locals.select(0, 1)), s = Arrays.Cube(slices.select(0, 0));
        Assert.Multiple(() =>
        {
            Assert.That(result.Terms[0].Value.ToDouble(), Is.EqualTo(PlainLoops.PaperSum(g[0], g[1], Temperature) / b).Within(1e-12));
            Assert.That(
                result.Terms[1].Value.ToDouble(),
                Is.EqualTo(first.Zip(second, (x, y) => PlainLoops.PaperSum(x, y, Temperature)).Average()).Within(1e-12));
            Assert.That(result.Terms[2].Value.ToDouble(), Is.EqualTo(2 * PlainLoops.GlobalLocal(s, first, Temperature)).Within(1e-11));
        });
    }

    [Test]
    public void Two_versions_are_needed()
    {
        using var embeddings = new TemporalEmbeddings(Arrays.UnitRows(1, 3, 2, 8), Arrays.UnitRows(2, 3, 2, 4, 8), Arrays.UnitRows(3, 3, 2, 4, 8));

        Assert.That(
            () => new TclrLoss(Options()).Compute(embeddings),
            Throws.ArgumentException.With.Message.Contains("expected two views for the equations of the paper, got [3,2,4,8]: choose TclrLossConvention.Reference"));
    }

    private TclrLossOptions Options() => new() { Convention = TclrLossConvention.Paper, Kernel = kernel };

    [Test]
    public void Pairs_of_random_timesteps_are_the_mean_over_all_pairs()
    {
        Tensor locals = Arrays.UnitRows(3, 2, 3, 4, 8), global = Arrays.UnitRows(4, 2, 3, 8);
        using var embeddings = new TemporalEmbeddings(global, null, locals);
        var options = new TclrLossOptions { Convention = TclrLossConvention.Paper, InstancePairs = TclrInstancePairs.RandomTimesteps, LocalLocal = false, GlobalLocal = false };

        using var loss = new TclrLoss(options);
        using var result = loss.Compute(embeddings);

        double expected = 0;
        for (int t = 0; t < 4; t++)
        {
            for (int u = 0; u < 4; u++)
            {
                expected += PlainLoops.PaperSum(Arrays.Matrix(locals[0].select(1, t)), Arrays.Matrix(locals[1].select(1, u)), 0.1) / 3 / 16;
            }
        }

        Assert.That(result.Total.ToDouble(), Is.EqualTo(expected).Within(1e-12));
        Assert.That(
            () => new TclrLoss(options with { Convention = TclrLossConvention.Reference, Kernel = LossKernel.Fused }),
            Throws.ArgumentException.With.Message.Contains("SameFrames with TclrLossConvention.Reference").And.Message.Contains("Batched with TclrInstancePairs.RandomTimesteps"));
    }
}
