using System.Runtime.InteropServices;
using Tclr.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Bindings.Torch.Tests;

[NoTensorLeaks]
public sealed class TensorTests : ScopedTests
{
    [Test]
    public void Elements_come_back_as_they_went_in()
    {
        var t = tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);

        Assert.Multiple(() =>
        {
            Assert.That(t.shape, Is.EqualTo(new long[] { 2, 3 }));
            Assert.That(t.dtype, Is.EqualTo(ScalarType.Float32));
            Assert.That(t.data<float>().ToArray(), Is.EqualTo(new float[] { 1, 2, 3, 4, 5, 6 }));
            Assert.That(t.t().data<float>().ToArray(), Is.EqualTo(new float[] { 1, 4, 2, 5, 3, 6 }), "strides are followed");
        });
    }

    [Test]
    public void A_tensor_from_an_array_is_a_copy()
    {
        float[] array = [1, 2];
        var t = tensor(array);

        array[0] = 9;

        Assert.That(t.data<float>().ToArray(), Is.EqualTo(new float[] { 1, 2 }));
    }

    [Test]
    public void Scalars_have_the_type_of_their_literal() => Assert.Multiple(() =>
    {
        Assert.That(tensor(1.0).dtype, Is.EqualTo(ScalarType.Float64));
        Assert.That(tensor(1.0f).dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That(tensor(5).dtype, Is.EqualTo(ScalarType.Int32));
        Assert.That(tensor(5L).dtype, Is.EqualTo(ScalarType.Int64));
    });

    [Test]
    public void Arithmetic_is_that_of_the_elements()
    {
        var x = tensor(new double[] { 1, 2, 4 });
        var y = tensor(new double[] { 2, 2, 2 });

        Assert.Multiple(() =>
        {
            Assert.That((x + y).data<double>().ToArray(), Is.EqualTo(new double[] { 3, 4, 6 }));
            Assert.That((x - y).data<double>().ToArray(), Is.EqualTo(new double[] { -1, 0, 2 }));
            Assert.That((x * y).data<double>().ToArray(), Is.EqualTo(new double[] { 2, 4, 8 }));
            Assert.That((x / y).data<double>().ToArray(), Is.EqualTo(new double[] { 0.5, 1, 2 }));
            Assert.That((8.0 / x).data<double>().ToArray(), Is.EqualTo(new double[] { 8, 4, 2 }));
            Assert.That((1 - x).data<double>().ToArray(), Is.EqualTo(new double[] { 0, -1, -3 }));
            Assert.That((x * 3).data<double>().ToArray(), Is.EqualTo(new double[] { 3, 6, 12 }));
            Assert.That((-x).data<double>().ToArray(), Is.EqualTo(new double[] { -1, -2, -4 }));
            Assert.That(x.add(y, 10).data<double>().ToArray(), Is.EqualTo(new double[] { 21, 22, 24 }));
            Assert.That(x.sum().ToDouble(), Is.EqualTo(7));
            Assert.That(x.mean().item<double>(), Is.EqualTo(7.0 / 3));
            Assert.That(x.max().ToDouble(), Is.EqualTo(4));
            Assert.That(x.logsumexp(0).ToDouble(), Is.EqualTo(Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(4))).Within(1e-14));
        });
    }

    [Test]
    public void Products_of_matrices_are_right()
    {
        var a = tensor(new double[] { 1, 2, 3, 4 }, [2, 2]);
        var b = tensor(new double[] { 5, 6, 7, 8 }, [2, 2]);

        Assert.Multiple(() =>
        {
            Assert.That(a.mm(b).data<double>().ToArray(), Is.EqualTo(new double[] { 19, 22, 43, 50 }));
            Assert.That(stack([a, b]).bmm(stack([b, a])).select(0, 1).data<double>().ToArray(), Is.EqualTo(new double[] { 23, 34, 31, 46 }));
            Assert.That(cat([a, b], 1).shape, Is.EqualTo(new long[] { 2, 4 }));
        });
    }

    [Test]
    public void The_largest_elements_come_with_their_places()
    {
        var x = tensor(new float[] { 3, 9, 5, 7 }, [2, 2]);

        var (values, indexes) = x.topk(1, 1);
        var (most, places) = x.max(0);

        Assert.Multiple(() =>
        {
            Assert.That(values.data<float>().ToArray(), Is.EqualTo(new float[] { 9, 7 }));
            Assert.That(indexes.data<long>().ToArray(), Is.EqualTo(new long[] { 1, 1 }));
            Assert.That(most.data<float>().ToArray(), Is.EqualTo(new float[] { 5, 9 }));
            Assert.That(places.data<long>().ToArray(), Is.EqualTo(new long[] { 1, 0 }));
        });
    }

    [Test]
    public void In_place_operators_return_the_tensor_itself()
    {
        var x = zeros([3]);

        var same = x.add_(1).mul_(4);

        Assert.That(same, Is.SameAs(x));
        Assert.That(x.data<float>().ToArray(), Is.EqualTo(new float[] { 4, 4, 4 }));
    }

    [Test]
    public void A_seed_gives_the_same_numbers_again()
    {
        manual_seed(7);
        var first = randn([100]);
        manual_seed(7);
        var second = randn([100]);

        Assert.That(first.data<float>().ToArray(), Is.EqualTo(second.data<float>().ToArray()));
    }

    [Test]
    public void A_shape_error_is_an_exception_that_names_the_shapes()
    {
        var error = Assert.Catch<ExternalException>(() => zeros([2, 3]).mm(zeros([2, 3])));

        Assert.That(error.Message, Does.Contain("2x3"));
        Assert.Catch<ExternalException>(() => zeros([2]).add(zeros([3])));
        Assert.Catch<ExternalException>(() => zeros([6]).view(4));
        Assert.Catch<ExternalException>(() => zeros([2]).bmm(zeros([2])));
    }

    [Test]
    public void Use_after_dispose_is_an_exception()
    {
        var x = zeros([2]);
        x.Dispose();
        x.Dispose();

        Assert.Catch<InvalidOperationException>(() => x.sum());
        Assert.Catch<InvalidOperationException>(() => _ = x.shape);
    }

    [Test]
    public void Wrong_types_are_refused()
    {
        var x = zeros([2]);

        Assert.Catch<ArgumentException>(() => x.data<double>());
        Assert.Catch<ArgumentException>(() => x.select(0, 0).item<double>());
        Assert.Catch<InvalidOperationException>(() => _ = zeros([2, 3]).t().bytes.Length);
    }

    [Test]
    public void A_device_that_is_missing_is_an_exception()
    {
        if (cuda.is_available())
        {
            Assert.Ignore("there is a GPU");
        }

        Assert.Catch<InvalidOperationException>(() => zeros([2], device: CUDA));
    }

    [Test]
    public void Threads_can_be_set_and_nonsense_is_refused()
    {
        int before = get_num_threads();

        set_num_threads(2);
        int two = get_num_threads();
        set_num_threads(before);

        Assert.That(two, Is.EqualTo(2));
    }

    [Test]
    public void Arange_counts_from_zero()
    {
        Assert.That(arange(4, ScalarType.Int64).data<long>().ToArray(), Is.EqualTo(new long[] { 0, 1, 2, 3 }));
        Assert.That(arange(3).dtype, Is.EqualTo(ScalarType.Int64));
    }

    [Test]
    public void Dot_and_masked_select()
    {
        var values = tensor(new double[] { 1, 2, 3 });
        var mask = tensor(new long[] { 1, 0, 1 }).to(ScalarType.Bool);

        Assert.That(values.dot(values).ToDouble(), Is.EqualTo(14));
        Assert.That(values.masked_select(mask).data<double>().ToArray(), Is.EqualTo(new double[] { 1, 3 }));
    }

    [TestCase(nn.Reduction.Mean, 0.5)]
    [TestCase(nn.Reduction.Sum, 1.0)]
    public void Cross_entropy_of_logits(nn.Reduction reduction, double factor)
    {
        var logits = tensor(new double[] { 1, 2, 4, 1 }, [2, 2]);
        double expected = factor * (Math.Log(1 + Math.Exp(1)) + Math.Log(1 + Math.Exp(-3)));

        var loss = nn.functional.cross_entropy(logits, tensor(new long[] { 0, 0 }), reduction: reduction);

        Assert.That(loss.ToDouble(), Is.EqualTo(expected).Within(1e-12));
        Assert.That(nn.functional.cross_entropy(logits, tensor(new long[] { 0, 0 }), reduction: nn.Reduction.None).shape, Is.EqualTo(new long[] { 2 }));
    }
}
