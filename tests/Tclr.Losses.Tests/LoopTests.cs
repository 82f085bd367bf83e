using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>The losses against plain loops.</summary>
[NoTensorLeaks]
public sealed class LoopTests : ScopedTests
{
    private const double Tolerance = 1e-12;
    [Test]
    public void NtXent_is_the_equation([Values(2, 3, 8)] int n, [Values(2, 16)] int d, [Values(0.07, 0.1, 1)] double temperature)
    {
        Tensor z1 = Arrays.UnitRows(1, n, d), z2 = Arrays.UnitRows(2, n, d);

        double loss = Functional.NtXent(z1, z2, temperature).ToDouble();

        Assert.That(loss, Is.EqualTo(PlainLoops.NtXent(Arrays.Matrix(z1), Arrays.Matrix(z2), temperature)).Within(Tolerance));
    }

    [Test]
    public void InstanceContrastive_is_the_mean_over_pairs([Values(2, 3, 8)] int v, [Values(2, 5)] int b, [Values(0.1, 0.5)] double temperature)
    {
        var views = Arrays.UnitRows(3, v, b, 12);

        double loss = Functional.InstanceContrastive(views, temperature).ToDouble();

        Assert.That(loss, Is.EqualTo(PlainLoops.InstanceContrastive(Arrays.Cube(views), temperature)).Within(Tolerance));
    }

    [Test]
    public void LocalLocal_is_the_equation([Values(1, 3)] int b, [Values(2, 4)] int t, [Values(0.1, 0.5)] double temperature)
    {
        Tensor z1 = Arrays.UnitRows(4, b, t, 8), z2 = Arrays.UnitRows(5, b, t, 8);

        double loss = Functional.LocalLocal(z1, z2, temperature).ToDouble();

        Assert.That(loss, Is.EqualTo(PlainLoops.LocalLocal(Arrays.Cube(z1), Arrays.Cube(z2), temperature)).Within(Tolerance));
    }

    [Test]
    public void GlobalLocal_is_the_equation([Values(1, 3)] int b, [Values(2, 4)] int t, [Values(0.1, 0.5)] double temperature)
    {
        Tensor slices = Arrays.UnitRows(6, b, t, 8), locals = Arrays.UnitRows(7, b, t, 8);

        double loss = Functional.GlobalLocal(slices, locals, temperature).ToDouble();

        Assert.That(loss, Is.EqualTo(PlainLoops.GlobalLocal(Arrays.Cube(slices), Arrays.Cube(locals), temperature)).Within(Tolerance * 10));
    }

    [Test]
    public void Gradients_are_the_slopes_of_the_loops()
    {
        var views = Arrays.UnitRows(8, 3, 2, 4).requires_grad_();
        Functional.InstanceContrastive(views, 0.2).backward();
        double[] gradient = views.grad!.data<double>().ToArray();

        double[][][] values = Arrays.Cube(views.detach());
        for (int i = 0; i < gradient.Length; i++)
        {
            Assert.That(gradient[i], Is.EqualTo(Slope(values, i)).Within(1e-7), $"entry {i}");
        }

        static double Slope(double[][][] views, int index)
        {
            const double H = 1e-5;
            ref double entry = ref views[index / 8][index / 4 % 2][index % 4];
            double before = entry;
            entry = before + H;
            double above = PlainLoops.InstanceContrastive(views, 0.2);
            entry = before - H;
            double below = PlainLoops.InstanceContrastive(views, 0.2);
            entry = before;
            return (above - below) / (2 * H);
        }
    }
}
