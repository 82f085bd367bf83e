namespace Tclr.Weights.Tests;

public sealed class WeightMappingTests
{
    [TestCase("module.0.stem.0.weight", "stem.0.weight")]
    [TestCase("0.stem.0.weight", "stem.0.weight")]
    [TestCase("module.1.fc1.bias", null)]
    [TestCase("stem.0.weight", null)]
    public void The_encoder_of_tclr_stands_under_0(string name, string? expected) => Assert.That(Apply(WeightMapping.TclrReferenceEncoder, name), Is.EqualTo(expected));

    [TestCase("module.1.fc1.bias", "fc1.bias")]
    [TestCase("1.fc1.bias", "fc1.bias")]
    [TestCase("0.stem.0.weight", null)]
    public void The_head_of_tclr_stands_under_1(string name, string? expected) => Assert.That(Apply(WeightMapping.TclrReferenceHead, name), Is.EqualTo(expected));

    [TestCase("module.encoder_q.0.conv1.bn.weight", "conv1.bn.weight", null, null)]
    [TestCase("encoder_q.0.conv1.bn.weight", "conv1.bn.weight", null, null)]
    [TestCase("module.encoder_q.2.weight", null, "2.weight", null)]
    [TestCase("encoder_q.4.bias", null, "4.bias", null)]
    [TestCase("module.series_proj_head.0.weight", null, null, "0.weight")]
    [TestCase("module.series_proj_head_q.2.bias", null, null, "2.bias")]
    [TestCase("module.series_proj_head_k.2.bias", null, null, null)]
    [TestCase("module.encoder_k.0.conv1.bn.weight", null, null, null)]
    [TestCase("module.encoder_k.2.weight", null, null, null)]
    [TestCase("module.queue", null, null, null)]
    [TestCase("module.series_queue", null, null, null)]
    [TestCase("module.queue_ptr", null, null, null)]
    public void Encoder_and_heads_of_DualVar_are_told_apart(string name, string? encoder, string? clip, string? series)
    {
        Assert.That(Apply(WeightMapping.DualVarEncoder, name), Is.EqualTo(encoder));
        Assert.That(Apply(WeightMapping.DualVarClipHead, name), Is.EqualTo(clip));
        Assert.That(Apply(WeightMapping.DualVarSeriesHead, name), Is.EqualTo(series));
    }

    [TestCase("net/conv/kernel/.ATTRIBUTES/VARIABLE_VALUE", "net.conv.weight", true)]
    [TestCase("net/conv/bias/.ATTRIBUTES/VARIABLE_VALUE", "net.conv.bias", false)]
    [TestCase("bn/gamma/.ATTRIBUTES/VARIABLE_VALUE", "bn.weight", false)]
    [TestCase("bn/beta/.ATTRIBUTES/VARIABLE_VALUE", "bn.bias", false)]
    [TestCase("bn/moving_mean/.ATTRIBUTES/VARIABLE_VALUE", "bn.running_mean", false)]
    [TestCase("bn/moving_variance/.ATTRIBUTES/VARIABLE_VALUE", "bn.running_var", false)]
    [TestCase("kernel/gain/.ATTRIBUTES/VARIABLE_VALUE", "kernel.gain", false)]
    [TestCase("conv/kernel", "conv.weight", true)]
    [TestCase("net/conv/kernel/.OPTIMIZER_SLOT/optimizer/momentum/.ATTRIBUTES/VARIABLE_VALUE", null, false)]
    [TestCase("save_counter/.ATTRIBUTES/VARIABLE_VALUE", null, false)]
    [TestCase("global_step/.ATTRIBUTES/VARIABLE_VALUE", null, false)]
    [TestCase("optimizer/iter/.ATTRIBUTES/VARIABLE_VALUE", null, false)]
    [TestCase("keras_api/metrics/0/count/.ATTRIBUTES/VARIABLE_VALUE", null, false)]
    public void Names_of_Keras_become_those_of_PyTorch(string name, string? expected, bool isKernel)
    {
        var mapped = WeightMapping.Keras.Map([name])[0];

        Assert.That((mapped?.Name, mapped?.IsKerasKernel ?? false), Is.EqualTo((expected, isKernel)));
    }

    [Test]
    public void Rules_follow_each_other()
    {
        var mapping = WeightMapping.None.Rename("backbone.", "").Drop("fc.").Rename("", "net.").With(name => name.Replace("conv", "c", StringComparison.Ordinal));

        Assert.Multiple(() =>
        {
            Assert.That(Apply(mapping, "backbone.conv1"), Is.EqualTo("net.c1"));
            Assert.That(Apply(mapping, "fc.weight"), Is.Null);
            Assert.That(Apply(mapping, "backbone.fc.weight"), Is.Null);
            Assert.That(Apply(WeightMapping.None.Drop("fc.").Rename("x.", "fc."), "x.weight"), Is.EqualTo("fc.weight"));
            Assert.That(Apply(WeightMapping.None, "any"), Is.EqualTo("any"));
        });
    }

    [Test]
    public void A_prefix_is_compared_letter_by_letter()
    {
        Assert.That(Apply(WeightMapping.None.Under("0."), "0x"), Is.Null);
        Assert.That(Apply(WeightMapping.None.Rename("A.", ""), "a.x"), Is.EqualTo("a.x"));
    }

    [Test]
    public void Rules_are_checked()
    {
        Assert.That(() => WeightMapping.None.Under(""), Throws.ArgumentException);
        Assert.That(() => WeightMapping.None.Drop(""), Throws.ArgumentException);
        Assert.That(() => WeightMapping.None.Rename(null!, ""), Throws.ArgumentNullException);
        Assert.That(() => WeightMapping.None.With(null!), Throws.ArgumentNullException);
    }

    private static string? Apply(WeightMapping mapping, string name) => mapping.Map([name]) is [{ } mapped] ? mapped.Name : null;
}
