using Tclr.Core;
using Tclr.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

/// <summary>A whole step of DualVar: encoder, both heads, shuffled view and loss.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class DualVarStepTests : ScopedTests
{
    // The authors' code on the same weights and clips, with a missing method's name repaired; permutations (1, 0) and (0, 1).
    private static readonly (string Term, double Value)[] Golden64 =
    [
        ("clip", 0.8813833479), ("temporal_coherent", 1.836738366), ("rank_augmented", 0.7668991989), ("rank_plain", 0.8189624793),
    ];

    private static readonly (string Weight, double Norm)[] GoldenGradients =
    [
        ("0.conv1.spatial_conv.weight", 91.84587838), ("1.2.weight", 12.09186594), ("1.4.weight", 8.094806549), ("2.0.weight", 14.70314118), ("2.2.weight", 11.62648516),
    ];

    [TestCase(ScalarType.Float64, 1e-8)]
    [TestCase(ScalarType.Float32, 1e-3)]
    public void It_is_the_step_of_the_original(ScalarType type, double tolerance)
    {
        using var encoder = VideoEncoders.R2Plus1D();
        using var clipHead = ProjectionHeads.DualVarClip(embedding: 16);
        using var seriesHead = ProjectionHeads.DualVarSeries(embedding: 8);
        using var all = nn.Sequential(encoder, clipHead, seriesHead);
        GoldenWeights.Fill(all, normalization: false);
        all.to(type);
        Assert.That(all.parameters().Sum(parameter => parameter.numel()), Is.EqualTo(14_907_031));
        var clips = Golden.Hash(1000, 2, 3, 3, 16, 32, 32).to(ScalarType.Float32).to(type).transpose(0, 1);
        var batch = new EmbeddingPasses(clips, new ViewLayout(3, 0), PassPlan.DualVar, headPerTimestep: false, [new SegmentOrder([[1, 0], [0, 1]])]);
        var branch = new Branch(encoder, [new(PassPlan.MainHead, clipHead), new(PassPlan.SeriesHead, seriesHead)], Type: null);
        var passes = batch.Of(momentum: false, videosPerPass: null);

        using var embeddings = batch.Join(passes, [.. passes.Select(pass => batch.Run(branch, pass))]);
        using var result = new DualVarLoss().Compute(embeddings);
        result.Total.backward();

        Assert.Multiple(() =>
        {
            foreach (var ((name, expected), term) in Golden64.Zip(result.Terms))
            {
                Assert.That(term.Name, Is.EqualTo(name));
                Assert.That(term.Value.ToDouble(), Is.EqualTo(expected).Within(tolerance * expected), name);
            }

            Assert.That(result.Total.ToDouble(), Is.EqualTo(4.303983392).Within(tolerance * 4.3));
            var gradients = all.named_parameters().ToDictionary(entry => entry.Item1, entry => entry.Item2.grad!.norm().ToDouble(), StringComparer.Ordinal);
            foreach (var (weight, norm) in GoldenGradients)
            {
                Assert.That(gradients[weight], Is.EqualTo(norm).Within(10 * tolerance * norm), weight);
            }
        });
    }
}
