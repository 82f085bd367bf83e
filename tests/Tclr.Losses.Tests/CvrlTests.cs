using Tclr.Losses.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>CVRL's loss is twice NT-Xent: it adds the anchors' two directions.</summary>
[NoTensorLeaks]
public sealed class CvrlTests : ScopedTests
{
    [Test]
    public void It_is_twice_instance_contrast(
        [Values("cvrl_A", "cvrl_B")] string name, [Values(LossKernel.Batched, LossKernel.Fused)] LossKernel kernel)
    {
        var (b, d, phase) = string.Equals(name, "cvrl_A", StringComparison.Ordinal) ? (4, 8, 0.0) : (6, 128, 0.7);
        var golden = FurtherLoss.All[name];
        var hidden = Golden.SinT(phase, 2 * b, d).requires_grad_();

        var loss = Functional.InstanceContrastive(nn.functional.normalize(hidden).view(2, b, d), 0.1, kernel: kernel) * 2;
        loss.backward();

        Assert.That(loss.ToDouble(), Is.EqualTo(golden.ContrastiveLoss).Within(1e-9 * golden.ContrastiveLoss));
        Assert.That(golden.GradHidden!.ErrorOf(hidden.grad!), Is.LessThan(1e-9));
    }
}
