namespace Tclr.Weights.Tests;

public sealed class WeightMappingTests
{
    [TestCase("module.0.stem.0.weight", "stem.0.weight")]
    [TestCase("0.stem.0.weight", "stem.0.weight")]
    [TestCase("module.1.fc1.bias", null)]
    [TestCase("stem.0.weight", null)]
    public void The_encoder_of_tclr_stands_under_0(string name, string? expected) => Assert.That(WeightMapping.TclrEncoder.Apply(name), Is.EqualTo(expected));

    [TestCase("module.1.fc1.bias", "fc1.bias")]
    [TestCase("1.fc1.bias", "fc1.bias")]
    [TestCase("0.stem.0.weight", null)]
    public void The_head_of_tclr_stands_under_1(string name, string? expected) => Assert.That(WeightMapping.TclrHead.Apply(name), Is.EqualTo(expected));

    [Test]
    public void Rules_follow_each_other()
    {
        var mapping = WeightMapping.None.Rename("backbone.", "").Drop("fc.").Rename("", "net.").With(name => name.Replace("conv", "c", StringComparison.Ordinal));

        Assert.Multiple(() =>
        {
            Assert.That(mapping.Apply("backbone.conv1"), Is.EqualTo("net.c1"));
            Assert.That(mapping.Apply("fc.weight"), Is.Null);
            Assert.That(mapping.Apply("backbone.fc.weight"), Is.Null);
            Assert.That(WeightMapping.None.Drop("fc.").Rename("x.", "fc.").Apply("x.weight"), Is.EqualTo("fc.weight"));
            Assert.That(WeightMapping.None.Apply("any"), Is.EqualTo("any"));
        });
    }

    [Test]
    public void A_prefix_is_compared_letter_by_letter()
    {
        Assert.That(WeightMapping.None.Under("0.").Apply("0x"), Is.Null);
        Assert.That(WeightMapping.None.Rename("A.", "").Apply("a.x"), Is.EqualTo("a.x"));
    }

    [Test]
    public void Rules_are_checked()
    {
        Assert.That(() => WeightMapping.None.Under(""), Throws.ArgumentException);
        Assert.That(() => WeightMapping.None.Drop(""), Throws.ArgumentException);
        Assert.That(() => WeightMapping.None.Rename(null!, ""), Throws.ArgumentNullException);
        Assert.That(() => WeightMapping.None.With(null!), Throws.ArgumentNullException);
    }
}
