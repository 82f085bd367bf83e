using Tclr.Core;
using Tclr.Models.Tests.Fixtures;
using Tclr.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

[NoTensorLeaks]
public sealed class TclrProjectionHeadTests : ScopedTests
{
    [Test]
    public void Weights_have_the_names_and_the_order_of_the_original()
    {
        using var head = ProjectionHeads.Tclr();

        Assert.Multiple(() =>
        {
            Assert.That(
                head.named_parameters().Select(p => p.Item1),
                Is.EqualTo(new[] { "fc1.weight", "fc1.bias", "bn1.weight", "bn1.bias", "bn2.weight", "bn2.bias", "fc2.weight" }));
            Assert.That(head.state_dict().Keys, Is.EquivalentTo(new[]
            {
                "fc1.weight", "fc1.bias", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked",
                "bn2.weight", "bn2.bias", "bn2.running_mean", "bn2.running_var", "bn2.num_batches_tracked", "fc2.weight",
            }));
            Assert.That(head.parameters().Sum(p => p.numel()), Is.EqualTo(329_472));
            Assert.That(head.EmbeddingDimension, Is.EqualTo(128));
            Assert.That(head.FeatureDimension, Is.EqualTo(512));
            Assert.That(head.Network, Is.SameAs(head));
        });
    }

    [Test]
    public void The_small_head_has_6400_weights()
    {
        using var head = ProjectionHeads.Tclr(64, 64, 32);

        Assert.That(head.parameters().Sum(p => p.numel()), Is.EqualTo(6_400));
    }

    [TestCase(ScalarType.Float64, 1e-9)]
    [TestCase(ScalarType.Float32, 1e-5)]
    public void Evaluation_gives_the_golden_values(ScalarType type, double tolerance)
    {
        using var head = Filled(type);
        head.eval();
        var features = Features(type);
        var golden = GoldenHead.Values.Eval;

        double worst = new[]
        {
            golden.Gsr.ErrorOf(head.Project(features.mean([2]))),
            golden.X1.ErrorOf(head.Project(features.select(2, 0))),
            golden.X4.ErrorOf(head.Project(features.select(2, 3))),
        }.Max();

        TestContext.Out.WriteLine(FormattableString.Invariant($"worst relative error {worst:G2}"));
        Assert.That(worst, Is.LessThan(tolerance));
    }

    [TestCase(ScalarType.Float64, 1e-9)]
    [TestCase(ScalarType.Float32, 1e-5)]
    public void Training_gives_the_golden_values(ScalarType type, double tolerance)
    {
        using var head = Filled(type);
        var features = Features(type).requires_grad_();
        var weights = Golden.Hash(3000, 5, 4, 128).to(type);
        var golden = GoldenHead.Values.Train;

        Tensor[] inputs = [features.mean([2]), .. Enumerable.Range(0, 4).Select(t => features.select(2, t))];
        Tensor[] outputs = [.. inputs.Select(head.Project)];
        var scalar = (stack(outputs, 0) * weights).sum();
        scalar.backward();

        Summary[] expected = [golden.Gsr, golden.X1, golden.X2, golden.X3, golden.X4];
        var state = head.state_dict();
        double worst = new[]
        {
            expected.Zip(outputs, (summary, output) => summary.ErrorOf(output)).Max(),
            Math.Abs(scalar.ToDouble() - golden.Scalar),
            golden.GradFeat.ErrorOf(features.grad!),
            head.named_parameters().Max(p => golden.Grads[p.Item1].ErrorOf(p.Item2.grad!, Floor(p.Item1))),
            golden.Bn1RunningMean.ErrorOf(state["bn1.running_mean"]),
            golden.Bn1RunningVar.ErrorOf(state["bn1.running_var"]),
            golden.Bn2RunningMean.ErrorOf(state["bn2.running_mean"]),
            golden.Bn2RunningVar.ErrorOf(state["bn2.running_var"]),
        }.Max();

        // Batch normalisation takes the first bias out again: its gradient is rounding, held against that of the weight beside it.
        double Floor(string name) => string.Equals(name, "fc1.bias", StringComparison.Ordinal) ? golden.Grads["fc1.weight"].Norm : 1e-300;
        TestContext.Out.WriteLine(FormattableString.Invariant($"worst relative error {worst:G2}"));
        Assert.Multiple(() =>
        {
            Assert.That(worst, Is.LessThan(tolerance));
            Assert.That(state["bn1.num_batches_tracked"].ToInt64(), Is.EqualTo(golden.NumBatchesTracked));
            Assert.That(state["bn2.num_batches_tracked"].ToInt64(), Is.EqualTo(golden.NumBatchesTracked));
        });
    }

    [Test]
    public void Embeddings_have_unit_length()
    {
        using var head = ProjectionHeads.Tclr(8, 16, 4);

        var embeddings = ((IProjectionHead)head).Project(randn([6, 8]));

        Assert.That(embeddings.shape, Is.EqualTo(new long[] { 6, 4 }));
        Assert.That(embeddings.norm(1).data<float>().ToArray(), Is.All.EqualTo(1f).Within(1e-6f));
    }

    [Test]
    public void Every_weight_has_a_gradient()
    {
        using var head = ProjectionHeads.Tclr(8, 16, 4);

        (head.call(randn([6, 8])) * randn([6, 4])).sum().backward();

        foreach (var (name, parameter) in head.named_parameters())
        {
            // Batch normalisation takes the first bias out again.
            double least = string.Equals(name, "fc1.bias", StringComparison.Ordinal) ? -1 : 0;
            Assert.That(parameter.grad!.norm().ToDouble(), Is.GreaterThan(least), name);
        }
    }

    [Test]
    public void Wrong_features_are_named()
    {
        using var head = ProjectionHeads.Tclr(8, 16, 4);

        Assert.Multiple(() =>
        {
            Assert.That(
                () => head.Project(zeros([6, 9])),
                Throws.ArgumentException.With.Message.StartsWith("TclrProjectionHead: expected features [N,8], got [6,9]"));
            Assert.That(
                () => head.Project(zeros([6, 8, 1])),
                Throws.ArgumentException.With.Message.StartsWith("TclrProjectionHead: expected features [N,8], got [6,8,1]"));
            Assert.That(
                () => head.Project(zeros([0, 8])),
                Throws.ArgumentException.With.Message.StartsWith("TclrProjectionHead: expected features [N,8], got [0,8]"));
            Assert.That(
                () => head.Project(zeros([6, 8], ScalarType.Int64)),
                Throws.ArgumentException.With.Message.StartsWith("TclrProjectionHead: expected features of a floating-point type, got Int64"));
            Assert.That(
                () => head.Project(zeros([1, 8])),
                Throws.ArgumentException.With.Message.StartsWith("TclrProjectionHead: expected two rows of features or more in training, got 1"));
            Assert.That(() => head.Project(null!), Throws.ArgumentNullException);
        });
    }

    [Test]
    public void A_single_row_is_fine_in_evaluation()
    {
        using var head = ProjectionHeads.Tclr(8, 16, 4);
        head.eval();

        Assert.That(head.Project(randn([1, 8])).shape, Is.EqualTo(new long[] { 1, 4 }));
    }

    [TestCase(0, 16, 4)]
    [TestCase(8, 0, 4)]
    [TestCase(8, 16, 0)]
    public void Widths_start_at_1(int inFeatures, int hidden, int embedding)
        => Assert.That(() => ProjectionHeads.Tclr(inFeatures, hidden, embedding), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static TclrProjectionHead Filled(ScalarType type)
    {
        var head = ProjectionHeads.Tclr();
        GoldenWeights.Fill(head);
        return head.to(type);
    }

    private static Tensor Features(ScalarType type) => Golden.Hash(2000, 4, 512, 4).to(ScalarType.Float32).to(type).abs();
}
