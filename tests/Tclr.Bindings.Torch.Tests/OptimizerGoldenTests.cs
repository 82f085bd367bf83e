using Tclr.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Bindings.Torch.Tests;

// The values are those of PyTorch 1.13 in double precision: the same parameters and gradients (see Step), optimisers made with
// the same settings, six steps, the learning rate of each group halved before the fourth, fifth and sixth.
[NoTensorLeaks]
public sealed class OptimizerGoldenTests
{
    private static IEnumerable<TestCaseData> Cases =>
    [
        Case("Adam", (a, b) => optim.Adam([a, b], 0.1, 0.8, 0.95, 1e-6, 0.05), 0.6856760669346043, -1.6347969494562153, 0.5998423229882615, 0.5186714196370178, -0.7183203070401336),
        Case("AdamW", (a, b) => optim.AdamW([a, b], 0.1, 0.8, 0.95, 1e-6, 0.05), 0.673577821535204, -1.6036081426820021, 0.5974967456599474, 0.5148096826756047, -0.7212966849463118),
        Case("SGD", (a, b) => optim.SGD([a, b], 0.1), 0.7769265664708437, -1.6407460145097723, 0.44235515216769616, 0.3471084519376246, -0.7938165690045532),
        Case("SGD, momentum", (a, b) => optim.SGD([a, b], 0.1, momentum: 0.9, dampening: 0.2, weight_decay: 0.05), 0.3670689660412226, -1.256394342234771, 0.5567188573097719, 0.5657785279562786, -0.7346830683885569),
        Case("SGD, nesterov", (a, b) => optim.SGD([a, b], 0.1, momentum: 0.9, weight_decay: 0.05, nesterov: true), 0.19916145995131035, -0.8697869751423523, 0.42177937630530626, 0.6103276020469436, -0.8054367762771463),
        Case(
            "Adam, two groups",
            (a, b) => optim.Adam([new Adam.ParamGroup([a], new Adam.Options { weight_decay = 0.1 }), new Adam.ParamGroup([b], lr: 0.02)], 0.1),
            0.6705648278959266, -1.6322619975016797, 0.6108495018820199, 0.3085743162872328, -0.743149385134933),
        Case(
            "AdamW, two groups",
            (a, b) => optim.AdamW([new AdamW.ParamGroup([a], new AdamW.Options { weight_decay = 0.1 }), new AdamW.ParamGroup([b], lr: 0.02)], 0.1),
            0.6455523716399924, -1.5697931139000871, 0.6063767584275777, 0.3085743162872328, -0.743149385134933),
        Case(
            "SGD, two groups",
            (a, b) => optim.SGD([new SGD.ParamGroup([a], new SGD.Options { weight_decay = 0.1 }), new SGD.ParamGroup([b], lr: 0.02)], 0.1, momentum: 0.9),
            0.2783299884486236, -1.0469350261901886, 0.48319801819153646, 0.27111045710984827, -0.758796820028815),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Six_steps_are_those_of_PyTorch(Func<Parameter, Parameter, OptimizerHelper> make, double[] expected)
    {
        using var a = new Parameter(tensor(new double[] { 1, -2, 0.5 }));
        using var b = new Parameter(tensor(new[] { 0.25, -0.75 }, [1, 2]));
        using var optimizer = make(a, b);

        for (int step = 0; step < 6; step++)
        {
            Step(optimizer, a, b, step);
        }

        Assert.That(a.data<double>().ToArray().Concat(b.data<double>().ToArray()), Is.EqualTo(expected).Within(1e-13));
    }

    [TestCaseSource(nameof(Cases))]
    public void A_saved_state_goes_on_as_if_never_stopped(Func<Parameter, Parameter, OptimizerHelper> make, double[] expected)
        => GoesOn(make, expected, (from, to) =>
        {
            using var file = new MemoryStream();
            from.save_state_dict(new BinaryWriter(file));
            file.Position = 0;
            to.load_state_dict(new BinaryReader(file));
            Assert.That(file.Position, Is.EqualTo(file.Length));
        });

    [TestCaseSource(nameof(Cases))]
    public void A_copied_state_goes_on_as_if_never_stopped(Func<Parameter, Parameter, OptimizerHelper> make, double[] expected)
        => GoesOn(make, expected, (from, to) => to.load_state_dict(from.state_dict()));

    private static void GoesOn(Func<Parameter, Parameter, OptimizerHelper> make, double[] expected, Action<OptimizerHelper, OptimizerHelper> hand)
    {
        using var a = new Parameter(tensor(new double[] { 1, -2, 0.5 }));
        using var b = new Parameter(tensor(new[] { 0.25, -0.75 }, [1, 2]));
        using var first = make(a, b);
        using var second = make(a, b);
        for (int step = 0; step < 6; step++)
        {
            if (step == 4)
            {
                hand(first, second);
            }

            Step(step < 4 ? first : second, a, b, step);
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

    private static TestCaseData Case(string name, Func<Parameter, Parameter, OptimizerHelper> make, params double[] expected)
        => new TestCaseData(make, expected).SetArgDisplayNames(name);
}
