using System.Runtime.InteropServices;
using Tclr.Testing;
using static TorchSharp.torch;

namespace Tclr.Bindings.Torch.Tests;

[NoTensorLeaks]
public sealed class AutogradTests : ScopedTests
{
    [Test]
    public void Gradients_are_those_of_calculus()
    {
        var x = tensor(new double[] { 1, 2, 3 }, requires_grad: true);

        (x * x * x).sum().backward();

        Assert.That(x.grad!.data<double>().ToArray(), Is.EqualTo(new double[] { 3, 12, 27 }));
    }

    [Test]
    public void A_number_divided_by_a_tensor_has_a_gradient()
    {
        var x = tensor(new double[] { 2, 4 }, requires_grad: true);

        (8.0 / x).sum().backward();

        Assert.That(x.grad!.data<double>().ToArray(), Is.EqualTo(new double[] { -2, -0.5 }));
    }

    [Test]
    public void Gradients_add_up_over_backwards()
    {
        var x = ones([2], requires_grad: true);
        var y = (x * x).sum();

        y.backward(retain_graph: true);
        y.backward();

        Assert.That(x.grad!.data<float>().ToArray(), Is.EqualTo(new float[] { 4, 4 }));
        Assert.Catch<ExternalException>(() => y.backward(), "the graph is gone");
    }

    [Test]
    public void A_vector_takes_the_gradients_it_is_given()
    {
        var x = ones([2], requires_grad: true);

        (x * 3).backward([tensor(new float[] { 1, 10 })]);

        Assert.That(x.grad!.data<float>().ToArray(), Is.EqualTo(new float[] { 3, 30 }));
    }

    [Test]
    public void Nothing_is_recorded_without_grad()
    {
        var x = ones([2], requires_grad: true);
        using (no_grad())
        {
            Assert.That((x * 2).requires_grad, Is.False);
            using (enable_grad())
            {
                Assert.That((x * 2).requires_grad, Is.True);
            }
        }

        Assert.That((x * 2).requires_grad, Is.True);
        Assert.That(x.detach().requires_grad, Is.False);
    }

    [Test]
    public void Changing_a_leaf_in_place_is_refused()
        => Assert.Catch<ExternalException>(() => ones([2], requires_grad: true).add_(1));
}
