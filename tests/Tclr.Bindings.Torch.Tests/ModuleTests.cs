using System.Runtime.InteropServices;
using Tclr.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tclr.Bindings.Torch.Tests;

[NoTensorLeaks]
public sealed class ModuleTests
{
    [Test]
    public void Fields_are_the_keys()
    {
        using var net = new Net();

        Assert.That(net.state_dict().Keys, Is.EqualTo(new[]
        {
            "conv.weight", "bn.weight", "bn.bias", "fc.weight", "fc.bias", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked",
        }));
        Assert.That(net.named_parameters().Select(p => p.Item1), Is.EqualTo(new[] { "conv.weight", "bn.weight", "bn.bias", "fc.weight", "fc.bias" }));
    }

    [Test]
    public void A_convolution_sums_over_its_window()
    {
        using var scope = NewDisposeScope();
        using var conv = Conv3d(1, 1, (1, 2, 2), bias: false);
        using (no_grad())
        {
            conv.weight.fill_(1);
        }

        var y = conv.call(tensor(new float[] { 1, 2, 3, 4 }, [1, 1, 1, 2, 2]));

        Assert.That(y.ToSingle(), Is.EqualTo(10));
        Assert.Catch<ExternalException>(() => conv.call(zeros([1, 2, 1, 2, 2])));
    }

    [Test]
    public void Batch_normalisation_normalises_and_remembers()
    {
        using var scope = NewDisposeScope();
        using var bn = BatchNorm1d(1);

        var y = bn.call(tensor(new float[] { 1, 3 }, [2, 1]));

        Assert.Multiple(() =>
        {
            Assert.That(y.data<float>().ToArray(), Is.EqualTo(new float[] { -1, 1 }).Within(1e-5));
            Assert.That(bn.running_mean!.ToSingle(), Is.EqualTo(0.2f).Within(1e-6));
            Assert.That(bn.running_var!.ToSingle(), Is.EqualTo(0.9f + (0.1f * 2)).Within(1e-6));
            Assert.That(bn.state_dict()["num_batches_tracked"].ToInt64(), Is.EqualTo(1));
        });

        bn.eval();
        var z = bn.call(tensor(new float[] { 0.2f }, [1, 1]));

        Assert.That(z.ToSingle(), Is.Zero.Within(1e-6));
    }

    [Test]
    public void A_linear_map_is_a_product_and_a_sum()
    {
        using var scope = NewDisposeScope();
        using var fc = Linear(2, 1);
        using (no_grad())
        {
            fc.weight.copy_(tensor(new float[] { 2, 3 }, [1, 2]));
            fc.bias!.fill_(1);
        }

        Assert.That(fc.call(tensor(new float[] { 10, 100 }, [1, 2])).ToSingle(), Is.EqualTo(321));
    }

    [Test]
    public void Normalised_rows_have_length_one()
    {
        using var scope = NewDisposeScope();

        var y = functional.normalize(tensor(new double[] { 3, 4, 0, 0 }, [2, 2]));

        Assert.That(y.data<double>().ToArray(), Is.EqualTo(new double[] { 0.6, 0.8, 0, 0 }).Within(1e-15));
    }

    [Test]
    public void Weights_survive_a_scope_and_training_mode_reaches_all()
    {
        Net net;
        using (NewDisposeScope())
        {
            net = new Net();
        }

        using (net)
        {
            Assert.That(net.parameters().Any(p => p.IsInvalid), Is.False);
            net.eval();
            Assert.That(net.modules().Any(m => m.training), Is.False);
            net.train();
            Assert.That(net.modules().All(m => m.training), Is.True);
        }
    }

    [Test]
    public void A_module_moves_to_another_type()
    {
        using var scope = NewDisposeScope();
        using var net = new Net();
        using var before = net.state_dict()["fc.weight"].clone();

        var same = net.to(ScalarType.Float64);

        Assert.Multiple(() =>
        {
            Assert.That(same, Is.SameAs(net));
            Assert.That(net.parameters().All(p => p.dtype == ScalarType.Float64 && p.requires_grad), Is.True);
            Assert.That(net.state_dict()["bn.num_batches_tracked"].dtype, Is.EqualTo(ScalarType.Int64));
            Assert.That(net.state_dict()["fc.weight"].to(ScalarType.Float32).data<float>().ToArray(), Is.EqualTo(before.data<float>().ToArray()));
            Assert.That(net.call(zeros([1, 1, 1, 1, 1], ScalarType.Float64)).dtype, Is.EqualTo(ScalarType.Float64));
        });
    }

    [Test]
    public void Weights_come_back_from_a_file()
    {
        using var a = new Net();
        using var b = new Net();
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            a.save(writer);
        }

        file.Position = 0;
        using (var reader = new BinaryReader(file))
        {
            b.load(reader);
        }

        foreach (var (key, value) in a.state_dict())
        {
            using var scope = NewDisposeScope();
            Assert.That(b.state_dict()[key].eq(value).all().ToBoolean(), Is.True, key);
        }
    }

    [Test]
    public void Weights_of_another_module_are_refused()
    {
        using var a = Linear(2, 2);
        using var b = Linear(3, 3);
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            a.save(writer);
        }

        file.Position = 0;
        using var reader = new BinaryReader(file);

        Assert.That(() => b.load(reader), Throws.Exception);
    }

    [Test]
    public void A_sequence_disposes_what_lies_between()
    {
        using var scope = NewDisposeScope();
        using var net = Sequential(("first", Linear(4, 4)), ("second", ReLU()), ("third", Linear(4, 2)));
        var x = ones([1, 4]);
        long before = Tensor.TotalCount;

        using var y = net.call(x);

        Assert.That(Tensor.TotalCount, Is.EqualTo(before + 1));
        Assert.That(net.state_dict().Keys, Is.EqualTo(new[] { "first.weight", "first.bias", "third.weight", "third.bias" }));
    }

    private sealed class Net : Module<Tensor, Tensor>
    {
        private readonly Conv3d conv = Conv3d(1, 2, (1, 1, 1), bias: false);
        private readonly BatchNorm3d bn = BatchNorm3d(2);
        private readonly Linear fc = Linear(2, 3);

        public Net()
            : base(nameof(Net))
        {
            RegisterComponents();
            eval();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return fc.call(bn.call(conv.call(input)).mean([2, 3, 4])).MoveToOuterDisposeScope();
        }
    }
}
