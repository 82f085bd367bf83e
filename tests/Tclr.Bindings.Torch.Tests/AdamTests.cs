using Tclr.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Bindings.Torch.Tests;

[NoTensorLeaks]
public sealed class AdamTests
{
    [Test]
    public void Steps_are_those_of_the_paper()
    {
        using var p = new Parameter(tensor(new double[] { 1, -2 }));
        using var adam = optim.Adam([p], lr: 0.1, weight_decay: 0.01);
        double[] x = [1, -2], mean = [0, 0], square = [0, 0];

        for (int step = 1; step <= 5; step++)
        {
            adam.zero_grad();
            using (NewDisposeScope())
            {
                (p * p).sum().backward();
            }

            adam.step();
            for (int i = 0; i < 2; i++)
            {
                double g = (2 * x[i]) + (0.01 * x[i]);
                mean[i] = (0.9 * mean[i]) + (0.1 * g);
                square[i] = (0.999 * square[i]) + (0.001 * g * g);
                double m = mean[i] / (1 - Math.Pow(0.9, step)), v = square[i] / (1 - Math.Pow(0.999, step));
                x[i] -= 0.1 * m / (Math.Sqrt(v) + 1e-8);
            }
        }

        Assert.That(p.data<double>().ToArray(), Is.EqualTo(x).Within(1e-12));
    }

    [Test]
    public void The_learning_rate_can_be_set()
    {
        using var p = new Parameter(tensor(new double[] { 1 }));
        using var adam = optim.Adam([p], lr: 0.1);
        foreach (var group in adam.ParamGroups)
        {
            group.LearningRate = 0;
        }

        using (NewDisposeScope())
        {
            (p * p).sum().backward();
        }

        adam.step();

        Assert.That(p.item<double>(), Is.EqualTo(1));
    }

    [Test]
    public void A_saved_state_goes_on_as_if_never_stopped()
    {
        using var a = new Parameter(tensor(new double[] { 1, -2 }));
        using var first = optim.Adam([a], lr: 0.1);
        Descend(a, first, 3);
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            first.save_state_dict(writer);
        }

        using var copied = a.detach();
        using var b = new Parameter(copied.clone());
        using var second = optim.Adam([b], lr: 0.1);
        file.Position = 0;
        using (var reader = new BinaryReader(file))
        {
            second.load_state_dict(reader);
        }

        Descend(a, first, 3);
        Descend(b, second, 3);

        Assert.That(b.data<double>().ToArray(), Is.EqualTo(a.data<double>().ToArray()));
    }

    private static void Descend(Parameter p, Adam adam, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            adam.zero_grad();
            (p * p).sum().backward();
            adam.step();
        }
    }
}
