using Tclr.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

[NoTensorLeaks]
public sealed class TruncatedNormalTests : ScopedTests
{
    // Of a normal distribution cut off at two deviations: the second and the fourth moment, by the density's integrals.
    private const double Variance = 0.7737413035499232;
    private const double FourthMoment = 1.4161891248494625;

    [TestCase(0.02)]
    [TestCase(1.5)]
    public void Values_have_the_moments_of_the_distribution(double deviation)
    {
        manual_seed(7);
        var values = empty([1_000_000], ScalarType.Float64);

        TruncatedNormal.Fill(values, deviation);

        var scaled = values / deviation;
        Assert.Multiple(() =>
        {
            Assert.That(scaled.mean().ToDouble(), Is.EqualTo(0).Within(5e-3));
            Assert.That(scaled.pow(2).mean().ToDouble(), Is.EqualTo(1).Within(5e-3));
            Assert.That(scaled.pow(3).mean().ToDouble(), Is.EqualTo(0).Within(1e-2));
            Assert.That(scaled.pow(4).mean().ToDouble(), Is.EqualTo(FourthMoment / (Variance * Variance)).Within(2e-2));
            Assert.That(scaled.abs().max().ToDouble(), Is.LessThanOrEqualTo(2 / Math.Sqrt(Variance)).And.GreaterThan(1.99 / Math.Sqrt(Variance)), "the cut");
        });
    }
}
