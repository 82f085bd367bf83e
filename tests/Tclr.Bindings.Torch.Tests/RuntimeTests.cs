using Tclr.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Bindings.Torch.Tests;

[NoTensorLeaks]
public sealed class RuntimeTests
{
    [Test]
    public void The_random_state_can_be_put_back()
    {
        using var state = random.get_rng_state();
        using var first = randn([8]);
        using var second = randn([8]);
        random.set_rng_state(state);
        using var again = randn([8]);

        Assert.That(again.data<float>().ToArray(), Is.EqualTo(first.data<float>().ToArray()));
        Assert.That(again.data<float>().ToArray(), Is.Not.EqualTo(second.data<float>().ToArray()));
    }

    [Test]
    public void A_tensor_that_is_no_random_state_is_refused()
    {
        using var wrong = zeros([3]);

        Assert.That(() => random.set_rng_state(wrong), Throws.TypeOf<System.Runtime.InteropServices.ExternalException>());
    }

    [Test]
    public void TF32_can_be_allowed_and_forbidden()
    {
        bool products = backends.cuda.matmul.allow_tf32, convolutions = backends.cudnn.allow_tf32;
        try
        {
            foreach (bool allowed in new[] { true, false })
            {
                backends.cuda.matmul.allow_tf32 = allowed;
                backends.cudnn.allow_tf32 = !allowed;
                Assert.That((backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32), Is.EqualTo((allowed, !allowed)));
            }
        }
        finally
        {
            (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = (products, convolutions);
        }
    }

    [Test]
    public void A_hook_sees_call_but_not_forward_and_can_be_removed()
    {
        using var layer = nn.ReLU();
        using var input = tensor(new float[] { -1, 2 });
        var seen = new List<string>();
        var first = layer.register_forward_hook((module, x, y) =>
        {
            seen.Add($"{ReferenceEquals(module, layer)} {x.numel()}");
            using (y)
            {
                return y + 1;
            }
        });
        var second = layer.register_forward_hook((_, _, y) =>
        {
            seen.Add("second");
            return y;
        });

        using var hooked = layer.call(input);
        using var plain = layer.forward(input);
        first.remove();
        second.remove();
        second.remove();
        using var after = layer.call(input);

        Assert.That(seen, Is.EqualTo(new[] { "True 2", "second" }));
        Assert.That(hooked.data<float>().ToArray(), Is.EqualTo(new[] { 1f, 3 }));
        Assert.That(plain.data<float>().ToArray(), Is.EqualTo(new[] { 0f, 2 }));
        Assert.That(after.data<float>().ToArray(), Is.EqualTo(new[] { 0f, 2 }));
    }

    // Values of PyTorch 1.13's torch.nn.utils.clip_grad_norm_ in double precision.
    [TestCase(2, 1, 13, 0.23076921301775288, -0.3076922840236705, 0.9230768520710115)]
    [TestCase(1, 3, 19, 0.47368418559556913, -0.6315789141274255, 1.8947367423822765)]
    [TestCase(double.PositiveInfinity, 2.5, 12, 0.624999947916671, -0.8333332638888947, 2.499999791666684)]
    [TestCase(2, 100, 13, 3, -4, 12)]
    public void Gradients_are_scaled_to_a_common_norm(double order, double bound, double norm, double first, double second, double third)
    {
        using var a = new Parameter(tensor(new double[] { 1, 2 }));
        using var b = new Parameter(tensor(new double[] { 3 }));
        using var without = new Parameter(tensor(new double[] { 3 }));
        using (NewDisposeScope())
        {
            a.grad = tensor(new double[] { 3, -4 });
            b.grad = tensor(new double[] { 12 });
            Assert.That(nn.utils.clip_grad_norm_([a, without, b], bound, order), Is.EqualTo(norm).Within(1e-12));
            Assert.That(a.grad!.data<double>().ToArray().Append(b.grad!.item<double>()), Is.EqualTo(new[] { first, second, third }).Within(1e-14));
        }

        Assert.That(nn.utils.clip_grad_norm_([without], bound, order), Is.Zero);
    }
}
