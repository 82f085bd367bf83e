using Tclr.Models.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class GoldenEncoderTests : ScopedTests
{
    [TestCaseSource(typeof(EncoderCases), nameof(EncoderCases.Names))]
    public void Weights_and_output_are_those_of_the_original(string name)
    {
        var golden = GoldenEncoder.Values[name];
        using var encoder = EncoderCases.Create(name);
        AssertWeights(encoder, golden);
        GoldenWeights.Fill(encoder, normalization: false);
        encoder.eval();
        using var noGrad = no_grad();
        using var clips = Golden.Hash(1000, 1, 3, 16, 32, 32).to(ScalarType.Float32);

        double single = golden.Output.ErrorOf(Output(clips));
        encoder.to(ScalarType.Float64);
        double wide = golden.Output.ErrorOf(Output(clips.to(ScalarType.Float64)));

        TestContext.Out.WriteLine(FormattableString.Invariant($"{name}: worst relative error {single:G2} in float32, {wide:G2} in float64"));
        Assert.Multiple(() =>
        {
            Assert.That(single, Is.LessThan(1e-4), "float32");
            Assert.That(wide, Is.LessThan(1e-9), "float64");
        });

        Tensor Output(Tensor input)
        {
            var map = encoder.EncodeMap(input);
            bool pooled = golden.Map[4] == 1 && map.shape[4] > 1;
            var output = pooled ? map.mean([3, 4], keepdim: true) : map;
            Assert.That(output.shape, Is.EqualTo(golden.Map));
            Assert.That(encoder.Encode(input).allclose(map.mean([3, 4])), Is.True);
            return output;
        }
    }

    [TestCase(ScalarType.Float64, 1e-9)]
    [TestCase(ScalarType.Float32, 3e-4)]
    public void Training_of_TCLRs_encoder_and_head_gives_the_golden_gradients(ScalarType type, double tolerance)
    {
        var golden = GoldenTraining.Values;
        using var both = nn.Sequential(VideoEncoders.R3D18(), new MeanOverTime(), ProjectionHeads.Tclr());
        GoldenWeights.Fill(both);
        both.to(type);
        var clips = Golden.Hash(1000, 4, 3, 16, 16, 16).to(ScalarType.Float32).to(type).requires_grad_();

        var output = both.call(clips);
        var scalar = (output * Golden.Hash(3001, 4, 128).to(type)).sum();
        scalar.backward();

        // The original's modules are 0 and 1; here the mean over time stands between them.
        var grads = both.named_parameters().ToDictionary(
            p => p.Item1.StartsWith("2.", StringComparison.Ordinal) ? "1." + p.Item1[2..] : p.Item1, p => p.Item2.grad!, StringComparer.Ordinal);
        var state = both.state_dict();
        double total = Math.Sqrt(grads.Values.Sum(grad => Math.Pow(grad.norm().ToDouble(), 2)));
        var errors = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["output"] = golden.Out.ErrorOf(output),
            ["scalar"] = Math.Abs(scalar.ToDouble() - golden.Scalar),
            ["total gradient"] = Math.Abs((total / golden.TotalGradNorm) - 1),
            ["gradient of the clips"] = golden.GradInput.ErrorOf(clips.grad!),
            ["running mean"] = golden.StemBnRunningMean.ErrorOf(state["0.stem.1.running_mean"]),
            ["running variance"] = golden.StemBnRunningVar.ErrorOf(state["0.stem.1.running_var"]),
        };
        foreach (var (key, expected) in golden.Grads)
        {
            // Batch normalization takes the first bias out again: its gradient is rounding, held against that of the weight beside it.
            double floor = string.Equals(key, "1.fc1.bias", StringComparison.Ordinal) ? golden.Grads["1.fc1.weight"].Norm : 1e-300;
            errors[key] = expected.ErrorOf(grads[key], floor);
        }

        var worst = errors.MaxBy(error => error.Value);
        TestContext.Out.WriteLine(FormattableString.Invariant($"worst relative error {worst.Value:G2}, of {worst.Key}"));
        Assert.That(worst.Value, Is.LessThan(tolerance), worst.Key);
    }

    [Test]
    public void TCLRs_encoder_gives_the_golden_values_at_full_size()
    {
        using var encoder = VideoEncoders.R3D18();
        GoldenWeights.Fill(encoder, normalization: false);
        encoder.eval();
        using var noGrad = no_grad();

        var output = encoder.Encode(Golden.Hash(1000, 1, 3, 16, 112, 112).to(ScalarType.Float32));

        Assert.That(output.shape, Is.EqualTo(new long[] { 1, 512, 4 }));
        Assert.That(GoldenTraining.Values.Large.ErrorOf(output), Is.LessThan(1e-4));
    }

    private static void AssertWeights(VideoEncoder encoder, GoldenEncoder golden)
    {
        bool shapes = golden.Weights[0].Contains(' ', StringComparison.Ordinal);
        var weights = encoder.named_parameters().Select(p => shapes ? $"{p.Item1} {string.Join('x', p.Item2.shape)}" : p.Item1).ToArray();
        Assert.That(weights, Is.EqualTo(golden.Weights));
        Assert.That(encoder.state_dict(), Has.Count.EqualTo(golden.State));
        Assert.That(encoder.FeatureDimension, Is.EqualTo(golden.Map[1]));
    }

    private sealed class MeanOverTime() : nn.Module<Tensor, Tensor>(nameof(MeanOverTime))
    {
        public override Tensor forward(Tensor input) => input.mean([2]);
    }
}
