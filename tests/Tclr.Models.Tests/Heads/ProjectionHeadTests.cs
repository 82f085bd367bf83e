using Tclr.Core;
using Tclr.Models.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class ProjectionHeadTests : ScopedTests
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

        // Batch normalization takes the first bias out again: its gradient is rounding, held against that of the weight beside it.
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
            // Batch normalization takes the first bias out again.
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
                Throws.ArgumentException.With.Message.StartsWith("TclrHead: expected features [N,8], got [6,9]"));
            Assert.That(
                () => head.Project(zeros([6, 8, 1])),
                Throws.ArgumentException.With.Message.StartsWith("TclrHead: expected features [N,8], got [6,8,1]"));
            Assert.That(
                () => head.Project(zeros([0, 8])),
                Throws.ArgumentException.With.Message.StartsWith("TclrHead: expected features [N,8] without empty dimensions, got [0,8]"));
            Assert.That(
                () => head.Project(zeros([6, 8], ScalarType.Int64)),
                Throws.ArgumentException.With.Message.StartsWith("TclrHead: expected features of a floating-point type, got Int64"));
            Assert.That(
                () => head.Project(zeros([1, 8])),
                Throws.ArgumentException.With.Message.StartsWith("TclrHead: expected at least two rows of features in training, got 1"));
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

    [TestCase("SimClr", 2, "fc1.weight fc1.bias fc2.weight fc2.bias")]
    [TestCase("Cvrl", 2, "fc1.weight fc1.bias bn1.weight bn1.bias fc2.weight fc2.bias bn2.weight bn2.bias fc3.weight fc3.bias bn3.weight bn3.bias fc4.weight fc4.bias")]
    [TestCase("DualVarClip", 5, "2.weight 2.bias 4.weight 4.bias")]
    [TestCase("DualVarSeries", 5, "0.weight 0.bias 2.weight 2.bias")]
    public void Other_heads_are_linear_layers_with_rectifiers_between(string name, int rank, string weights)
    {
        using var head = Create(name, 6, 5, 4);
        GoldenWeights.Fill(head);
        head.eval();
        using var noGrad = no_grad();
        var features = randn([3, 6]);
        var state = head.state_dict();

        // Evaluation mode with fresh running statistics: batch normalization is weight * x / sqrt(1 + eps) + bias.
        var expected = features;
        string[] linear = [.. head.named_parameters().Select(p => p.Item1).Where(key => key.EndsWith("weight", StringComparison.Ordinal) && state[key].ndim > 1)];
        foreach (string key in linear)
        {
            string prefix = key[..^"weight".Length], norm = prefix.Replace("fc", "bn", StringComparison.Ordinal);
            expected = expected.mm(state[key].flatten(1).t()) + state[prefix + "bias"];
            if (state.TryGetValue(norm + "running_mean", out _))
            {
                expected = (expected / Math.Sqrt(1 + 1e-5) * state[norm + "weight"]) + state[norm + "bias"];
            }

            expected = ReferenceEquals(key, linear[^1]) ? expected : expected.relu();
        }

        var actual = head.Project(features);
        bool series = head.Segments > 1;
        expected = series ? expected.view(3, 2, 4) : expected;
        expected = expected / expected.pow(2).sum(series ? 2 : 1, keepdim: true).sqrt();
        Assert.Multiple(() =>
        {
            Assert.That(head.named_parameters().Select(p => p.Item1), Is.EqualTo(weights.Split(' ')));
            Assert.That(state[linear[0]].ndim, Is.EqualTo(rank));
            Assert.That(actual.shape, Is.EqualTo(series ? new long[] { 3, 2, 4 } : [3, 4]));
            Assert.That(actual.data<float>().ToArray(), Is.EqualTo(expected.data<float>().ToArray()).Within(1e-6));
            Assert.That((head.FeatureDimension, head.EmbeddingDimension), Is.EqualTo((6, 4)));
        });
    }

    [Test]
    public void Sizes_are_those_of_the_originals()
    {
        using var cvrl = ProjectionHeads.Cvrl();
        using var clip = ProjectionHeads.DualVarClip();
        using var series = ProjectionHeads.DualVarSeries();

        // DualVar's whole model with embeddings of 16 and 8 has 14,907,031 parameters, 14,365,303 of them in the encoder.
        using var smallClip = ProjectionHeads.DualVarClip(embedding: 16);
        using var smallSeries = ProjectionHeads.DualVarSeries(embedding: 8);

        Assert.Multiple(() =>
        {
            Assert.That(smallClip.parameters().Concat(smallSeries.parameters()).Sum(p => p.numel()), Is.EqualTo(14_907_031 - 14_365_303));
            Assert.That(cvrl.parameters().Sum(p => p.numel()), Is.EqualTo(12_863_616));
            Assert.That(clip.state_dict()["4.weight"].shape, Is.EqualTo(new long[] { 128, 512, 1, 1, 1 }));
            Assert.That(series.state_dict()["2.weight"].shape, Is.EqualTo(new long[] { 128, 512, 1, 1, 1 }));
            Assert.That(series.Segments, Is.EqualTo(2));

            // Glorot: uniform within sqrt(6 / (in + out)).
            double bound = Math.Sqrt(6.0 / 4096);
            Assert.That(cvrl.state_dict()["fc1.weight"].abs().max().ToDouble(), Is.EqualTo(bound).Within(1e-3 * bound));
            Assert.That(cvrl.state_dict()["fc1.bias"].abs().max().ToDouble(), Is.Zero);
        });
    }

    [Test]
    public void CVRLs_running_statistics_move_slowly()
    {
        using var head = ProjectionHeads.Cvrl(4, 3, 2);
        using var noGrad = no_grad();

        head.Project(randn([8, 4]));

        var state = head.state_dict();
        Assert.That(state["bn1.running_var"].min().ToDouble(), Is.EqualTo(0.997).Within(0.05).And.GreaterThan(0.996));
    }

    [Test]
    public void A_single_row_is_fine_without_batch_normalization()
    {
        using var head = ProjectionHeads.SimClr(8, 16, 4);

        Assert.That(head.Project(randn([1, 8])).shape, Is.EqualTo(new long[] { 1, 4 }));
    }

    [Test]
    public void Widths_start_at_1([Values("Tclr", "SimClr", "Cvrl", "DualVarClip", "DualVarSeries")] string name, [Values(0, 1, 2)] int wrong)
    {
        int[] widths = [8, 8, 8];
        widths[wrong] = 0;

        Assert.That(() => Create(name, widths[0], widths[1], widths[2]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_series_has_two_segments_or_more()
        => Assert.That(() => ProjectionHeads.DualVarSeries(segments: 1), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static ProjectionHead Create(string name, int inFeatures, int hidden, int embedding) => name switch
    {
        "Tclr" => ProjectionHeads.Tclr(inFeatures, hidden, embedding),
        "SimClr" => ProjectionHeads.SimClr(inFeatures, hidden, embedding),
        "Cvrl" => ProjectionHeads.Cvrl(inFeatures, hidden, embedding),
        "DualVarClip" => ProjectionHeads.DualVarClip(inFeatures, hidden, embedding),
        _ => ProjectionHeads.DualVarSeries(inFeatures, hidden, 2, embedding),
    };

    private static ProjectionHead Filled(ScalarType type)
    {
        var head = ProjectionHeads.Tclr();
        GoldenWeights.Fill(head);
        return head.to(type);
    }

    private static Tensor Features(ScalarType type) => Golden.Hash(2000, 4, 512, 4).to(ScalarType.Float32).to(type).abs();
}
