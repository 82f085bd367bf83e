using Tclr.Losses.Kernels.Fused;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>Tiles of the upper half give the same as panels of whole rows, however the matrix is divided.</summary>
[NoTensorLeaks]
public sealed class SymmetricTilesTests : ScopedTests
{
    // The terms of the timesteps need two of them, and come with the anchors of all views.
    private static readonly (int Views, bool AnchorsOfAllViews, bool Timesteps)[] Terms =
    [
        .. from views in (int[])[2, 4, 6] from anchorsOfAllViews in (bool[])[false, true] from timesteps in (bool[])[false, true]
           where !timesteps || (views > 2 && anchorsOfAllViews)
           select (views, anchorsOfAllViews, timesteps),
    ];

    [Test]
    public void However_the_matrix_is_divided(
        [ValueSource(nameof(Terms))] (int Views, bool AnchorsOfAllViews, bool Timesteps) terms, [Values(2, 7)] int samples, [Values(1, 5, 1000)] int rows, [Values(4, 1000)] int columns, [Values] bool kept)
    {
        var (views, anchorsOfAllViews, timesteps) = terms;
        var contrast = new Contrast(views, samples, anchorsOfAllViews ? views : 1, 0.1, 0.7);
        var steps = timesteps ? new Contrast(2, views / 2, 2, 0.3, 0.4) : null;
        var z = Arrays.UnitRows((uint)((views * 1000) + samples), views, samples, 5).requires_grad_();
        var sizes = new TileSizes(1, rows, rows, columns, kept ? long.MaxValue : 0, 16);

        var expectedAt = FusedInput.Of(z);
        var expected = ViewPanels.Sum<double>(expectedAt, contrast, steps);
        var actualAt = FusedInput.Of(z);
        var actual = new SymmetricTiles<double>(contrast, steps, 10, sizes).Sum(actualAt);

        Assert.That(actual.Views, Is.EqualTo(expected.Views).Within(1e-12).Percent);
        Assert.That(actual.Timesteps, Is.EqualTo(expected.Timesteps).Within(1e-12).Percent);
        Assert.That((actualAt.Gradient! - expectedAt.Gradient!).abs().max().ToDouble(), Is.LessThan(1e-12 * expectedAt.Gradient!.abs().max().ToDouble()));
    }

    [Test]
    public void Similarities_of_any_range_are_computed([Values(0.001, 0.01, 0.03, 3)] double temperature, [Values(0.1, 1, 30)] double length)
    {
        var z = (Arrays.UnitRows(8, 3, 40, 6) * length).to(ScalarType.Float32);
        double single = Functional.InstanceContrastive(z, temperature).ToDouble();
        double expected = Functional.InstanceContrastive(z.to(ScalarType.Float64), temperature, kernel: LossKernel.Batched).ToDouble();

        Assert.That(single, Is.EqualTo(expected).Within(1e-5 * Math.Max(1, length * length / temperature)));
    }

    [Test]
    public void A_result_is_reproducible_bit_for_bit()
    {
        var z = Arrays.UnitRows(6, 8, 100, 32).to(ScalarType.Float32).requires_grad_();
        (double Value, Tensor Gradient) Run()
        {
            z.grad = null;
            var value = Functional.InstanceContrastive(z, 0.1);
            value.backward();
            return (value.ToDouble(), z.grad!.clone());
        }

        var first = Run();
        for (int run = 0; run < 5; run++)
        {
            var again = Run();
            Assert.That(again.Value, Is.EqualTo(first.Value));
            Assert.That(again.Gradient.equal(first.Gradient).all().ToBoolean(), Is.True);
        }
    }
}
