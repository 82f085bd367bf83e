using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core.Tests;

// The values are PyTorch's in double precision: the same parameters, gradients (see Step) and settings, six steps, the learning
// rate halved before the fourth, fifth and sixth. Where norms and biases do not decay, only the matrix does.
[NoTensorLeaks(Parameters = true)]
public sealed class OptimizerGoldenTests
{
    private static IEnumerable<TestCaseData> Cases =>
    [
        Case("Adam", new AdamOptions { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6, WeightDecay = 0.05 }, 0.6856760669346043, -1.6347969494562153, 0.5998423229882615, 0.5186714196370178, -0.7183203070401336),
        Case("Adam, matrix alone decays", new AdamOptions { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6, WeightDecay = 0.05, ExcludeNormAndBias = true }, 0.6896468686532475, -1.639042687757889, 0.6088084848120741, 0.5186714196370178, -0.7183203070401336),
        Case("AdamW", new AdamWOptions { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6, WeightDecay = 0.05 }, 0.673577821535204, -1.6036081426820021, 0.5974967456599474, 0.5148096826756047, -0.7212966849463118),
        Case("AdamW, matrix alone decays", new AdamWOptions { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6, WeightDecay = 0.05, ExcludeNormAndBias = true }, 0.6896468686532475, -1.639042687757889, 0.6088084848120741, 0.5148096826756047, -0.7212966849463118),
        Case("SGD, momentum", new SgdOptions { Momentum = 0.9, WeightDecay = 0.05 }, 0.31151581249185945, -1.1230467318243702, 0.5069516894615795, 0.5867511231635147, -0.7736336968610426),
        Case("SGD, Nesterov", new SgdOptions { Momentum = 0.9, WeightDecay = 0.05, Nesterov = true }, 0.19916145995131035, -0.8697869751423523, 0.42177937630530626, 0.6103276020469436, -0.8054367762771463),
        Case("SGD, matrix alone decays", new SgdOptions { Momentum = 0, WeightDecay = 0.05, ExcludeNormAndBias = true }, 0.7769265664708437, -1.6407460145097723, 0.44235515216769616, 0.340797449776546, -0.7799860936592783),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Six_steps_are_those_of_PyTorch(OptimizerOptions options, double[] expected)
    {
        using var a = new Parameter(tensor(new double[] { 1, -2, 0.5 }));
        using var b = new Parameter(tensor(new[] { 0.25, -0.75 }, [1, 2]));
        using var optimizer = new TrainedParameters([("a", a), ("b", b)], !options.ExcludeNormAndBias).Optimizer(options with { LearningRate = 0.1 });

        for (int step = 0; step < 6; step++)
        {
            Step(optimizer, a, b, step);
        }

        Assert.That(a.data<double>().ToArray().Concat(b.data<double>().ToArray()), Is.EqualTo(expected).Within(1e-13));
    }

    private static void Step(OptimizerHelper optimizer, Parameter a, Parameter b, int step)
    {
        using var scope = NewDisposeScope();
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate *= step < 3 ? 1 : 0.5;
        }

        foreach (var (p, k) in new[] { (a, 0), (b, 1) })
        {
            double[] values = p.data<double>().ToArray();
            p.grad = tensor([.. values.Select((x, i) => Math.Sin(1 + step + (2 * i) + (3 * k)) + (0.3 * x))], p.shape);
        }

        optimizer.step();
    }

    private static TestCaseData Case(string name, OptimizerOptions options, params double[] expected)
        => new TestCaseData(options, expected).SetArgDisplayNames(name);
}
