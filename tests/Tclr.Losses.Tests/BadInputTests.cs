using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>Wrong arguments are named, with what is expected and what came.</summary>
[NoTensorLeaks]
public sealed class BadInputTests : ScopedTests
{
    [Test]
    public void Shapes_must_be_alike()
    {
        Assert.That(
            () => Functional.LocalLocal(zeros([32, 4, 128]), zeros([32, 3, 128]), 0.1),
            Throws.ArgumentException.With.Message.StartsWith("LocalLocal: expected z1 and z2 of one shape [B,T,D], got [32,4,128] and [32,3,128]")
                .And.Property("ParamName").EqualTo("z2"));
        Assert.That(
            () => Functional.NtXent(zeros([4, 8]), zeros([4, 8, 1]), 0.1),
            Throws.ArgumentException.With.Message.StartsWith("NtXent: expected z1 and z2 of one shape [N,D], got [4,8] and [4,8,1]"));
        Assert.That(
            () => Functional.GlobalLocal(zeros([4, 2, 8]), zeros([3, 2, 8]), 0.1),
            Throws.ArgumentException.With.Message.StartsWith("GlobalLocal: expected slices and locals of one shape [B,T,D], got [4,2,8] and [3,2,8]"));
        Assert.That(
            () => Functional.MomentumContrast(zeros([4, 8]), zeros([3, 8]), zeros([5, 8]), 0.1),
            Throws.ArgumentException.With.Message.StartsWith("MomentumContrast: expected queries and keys of one shape [B,D], got [4,8] and [3,8]"));
        Assert.That(
            () => Functional.ShuffleRank(zeros([4, 2, 8]), zeros([4, 3, 8])),
            Throws.ArgumentException.With.Message.StartsWith("ShuffleRank: expected segments and shuffled of one shape [B,S,D], got [4,2,8] and [4,3,8]"));
        Assert.That(
            () => Functional.TemporalCoherent(zeros([4, 2, 8]), zeros([4, 3, 8]), 0.1),
            Throws.ArgumentException.With.Message.StartsWith("TemporalCoherent: expected z1 and z2 of one shape [B,S,D], got [4,2,8] and [4,3,8]"));
    }

    [Test]
    public void Ranks_must_fit()
    {
        Assert.That(
            () => Functional.NtXent(zeros([8]), zeros([8]), 0.1),
            Throws.ArgumentException.With.Message.StartsWith("NtXent: expected z1 [N,D], got [8]").And.Property("ParamName").EqualTo("z1"));
        Assert.That(
            () => Functional.InstanceContrastive(zeros([2, 8]), 0.1),
            Throws.ArgumentException.With.Message.StartsWith("InstanceContrastive: expected views [V,B,D], got [2,8]").And.Property("ParamName").EqualTo("views"));
        Assert.That(() => Functional.LocalLocal(zeros([2, 8]), zeros([2, 8]), 0.1), Throws.ArgumentException);
        Assert.That(() => Functional.GlobalLocal(zeros([2, 8]), zeros([2, 8]), 0.1), Throws.ArgumentException);
    }

    [Test]
    public void There_must_be_something_to_tell_apart()
    {
        Assert.That(
            () => Functional.NtXent(zeros([0, 8]), zeros([0, 8]), 0.1),
            Throws.ArgumentException.With.Message.StartsWith("NtXent: expected z1 [N,D] without empty dimensions, got [0,8]"));
        Assert.That(
            () => Functional.InstanceContrastive(zeros([1, 4, 8]), 0.1),
            Throws.ArgumentException.With.Message.StartsWith("InstanceContrastive: expected views with two views or more, got [1,4,8]"));
        Assert.That(
            () => Functional.LocalLocal(zeros([4, 1, 8]), zeros([4, 1, 8]), 0.1),
            Throws.ArgumentException.With.Message.StartsWith("LocalLocal: expected z1 with two timesteps or more, got [4,1,8]"));
        Assert.That(
            () => Functional.GlobalLocal(zeros([4, 1, 8]), zeros([4, 1, 8]), 0.1),
            Throws.ArgumentException.With.Message.StartsWith("GlobalLocal: expected slices with two timesteps or more, got [4,1,8]"));
        Assert.That(
            () => Functional.ShuffleRank(zeros([4, 1, 8]), zeros([4, 1, 8])),
            Throws.ArgumentException.With.Message.StartsWith("ShuffleRank: expected segments with two segments or more, got [4,1,8]"));
        Assert.That(
            () => Functional.ShuffleRank(zeros([4, 2, 8]), zeros([4, 2, 8]), cap: double.NaN),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith("ShuffleRank: expected a number, or PositiveInfinity for no cap, got NaN").And.Property("ParamName").EqualTo("cap"));
    }

    [Test]
    public void Types_must_be_floating_and_the_same()
    {
        var integers = zeros([4, 8], ScalarType.Int64);

        Assert.That(
            () => Functional.NtXent(integers, integers, 0.1),
            Throws.ArgumentException.With.Message.StartsWith("NtXent: expected z1 of a floating-point type, got Int64"));
        Assert.That(
            () => Functional.NtXent(zeros([4, 8]), zeros([4, 8], ScalarType.Float64), 0.1),
            Throws.ArgumentException.With.Message.StartsWith("NtXent: expected z1 and z2 of one type, got Float32 and Float64"));
        Assert.That(() => Functional.NtXent(null!, zeros([4, 8]), 0.1), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("z1"));
        Assert.That(() => Functional.NtXent(zeros([4, 8]), null!, 0.1), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("z2"));
        Assert.That(() => Functional.InstanceContrastive(null!, 0.1), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("views"));
    }

    [TestCase(0)]
    [TestCase(-0.1)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public void The_temperature_must_divide(double temperature)
    {
        var z = Arrays.UnitRows(1, 2, 3, 4);
        string expected = FormattableString.Invariant($"temperature: expected a finite number above 0, got {temperature}");

        Assert.Multiple(() =>
        {
            Assert.That(() => Functional.NtXent(z.select(0, 0), z.select(0, 1), temperature), Rejected());
            Assert.That(() => Functional.InstanceContrastive(z, temperature), Rejected());
            Assert.That(() => Functional.LocalLocal(z, z, temperature), Rejected());
            Assert.That(() => Functional.GlobalLocal(z, z, temperature), Rejected());
            Assert.That(() => Functional.TemporalCoherent(z, z, temperature), Rejected());
            Assert.That(() => Functional.MomentumContrast(z.select(0, 0), z.select(0, 1), z.select(0, 0), temperature), Rejected());
        });

        NUnit.Framework.Constraints.IResolveConstraint Rejected()
            => Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(expected).And.Property("ParamName").EqualTo("temperature");
    }
}
