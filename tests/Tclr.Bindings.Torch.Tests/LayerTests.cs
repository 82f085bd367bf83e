using Tclr.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Bindings.Torch.Tests;

[NoTensorLeaks]
public sealed class LayerTests : ScopedTests
{
    [Test]
    public void A_pool_takes_the_largest_of_its_window()
    {
        var x = tensor(new float[] { -1, -2, -3, -4, -5, -6, -7, -8, -9 }, [1, 1, 1, 3, 3]);
        using var own = nn.MaxPool3d((1, 2, 2));
        using var padded = nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1));
        using var dilated = nn.MaxPool3d((1, 2, 2), (1, 1, 1), dilation: (1, 2, 2));
        using var hanging = nn.MaxPool3d((1, 2, 2), ceil_mode: true);

        Assert.Multiple(() =>
        {
            Assert.That(own.call(x).data<float>().ToArray(), Is.EqualTo(new float[] { -1 }));
            Assert.That(padded.call(x).data<float>().ToArray(), Is.EqualTo(new float[] { -1, -2, -4, -5 }));
            Assert.That(dilated.call(x).data<float>().ToArray(), Is.EqualTo(new float[] { -1 }));
            Assert.That(hanging.call(x).data<float>().ToArray(), Is.EqualTo(new float[] { -1, -3, -7, -9 }));
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_rectifier_changes_its_input_only_in_place(bool inplace)
    {
        var x = tensor(new float[] { -1, 2 });
        using var relu = nn.ReLU(inplace);

        var y = relu.call(x);

        Assert.That(y.data<float>().ToArray(), Is.EqualTo(new float[] { 0, 2 }));
        Assert.That(x.data<float>().ToArray(), Is.EqualTo(new float[] { inplace ? 0 : -1, 2 }));
        Assert.That(y, Is.Not.SameAs(x));
    }

    [Test]
    public void A_border_is_given_for_the_last_dimension_first()
    {
        var x = tensor(new float[] { 1, 2 }, [1, 2]);

        var y = nn.functional.pad(x, [0, 1, 2, 0], PaddingModes.Constant, 7);

        Assert.That(y.shape, Is.EqualTo(new long[] { 3, 3 }));
        Assert.That(y.data<float>().ToArray(), Is.EqualTo(new float[] { 7, 7, 7, 7, 7, 7, 1, 2, 7 }));
    }

    [Test]
    public void Flip_and_sigmoid()
    {
        var x = tensor(new float[] { 1, 2, 3, 4 }, [2, 2]);

        Assert.That(x.flip(1).data<float>().ToArray(), Is.EqualTo(new float[] { 2, 1, 4, 3 }));
        Assert.That(x.sigmoid().data<float>().ToArray(), Is.EqualTo(x.data<float>().ToArray().Select(v => 1 / (1 + MathF.Exp(-v)))).Within(1e-6));
    }

    [Test]
    public void Glorots_values_are_uniform_within_their_bound()
    {
        var weights = nn.init.xavier_uniform_(empty([20, 30, 2, 1, 1]), gain: 2);
        double bound = 2 * Math.Sqrt(6.0 / (2 * 50));

        Assert.That(weights.abs().max().ToDouble(), Is.LessThanOrEqualTo(bound).And.GreaterThan(0.95 * bound));
        Assert.That(weights.pow(2).mean().ToDouble(), Is.EqualTo(bound * bound / 3).Within(0.1 * bound * bound / 3));
    }

    [Test]
    public void Truncated_values_are_normal_between_their_bounds()
    {
        var weights = nn.init.trunc_normal_(empty([100_000]), mean: 1, std: 2, a: -1, b: 5);

        // Between -1 and 2 deviations, of the standard normal distribution: mass 0.818595, density 0.241971 and 0.053991.
        const double mass = 0.818595, low = 0.241971, high = 0.053991;
        double mean = (low - high) / mass, variance = 1 + ((-low - (2 * high)) / mass) - (mean * mean);
        Assert.Multiple(() =>
        {
            Assert.That(weights.min().ToDouble(), Is.GreaterThanOrEqualTo(-1).And.LessThan(-0.99));
            Assert.That(weights.max().ToDouble(), Is.LessThanOrEqualTo(5).And.GreaterThan(4.9));
            Assert.That(weights.mean().ToDouble(), Is.EqualTo(1 + (2 * mean)).Within(0.03));
            Assert.That(weights.std(0).ToDouble(), Is.EqualTo(2 * Math.Sqrt(variance)).Within(0.03));
        });
    }

#if TCLR_SYSTEM_BACKEND
    [Test]
    public void What_is_not_there_says_so()
    {
        Assert.That(() => nn.Conv3d(1, 1, (3, 3, 3), padding_mode: PaddingModes.Circular), Throws.InstanceOf<NotSupportedException>());
        Assert.That(() => nn.functional.pad(zeros([1, 1]), [1, 1], PaddingModes.Reflect), Throws.InstanceOf<NotSupportedException>());
    }
#endif
}
