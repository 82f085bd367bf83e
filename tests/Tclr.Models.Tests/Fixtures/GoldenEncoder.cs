namespace Tclr.Models.Tests.Fixtures;

/// <summary>Golden values of <c>encoders.json</c>: an original network's weights and its output, computed in float64 by PyTorch.</summary>
/// <remarks>
/// Clips <c>[1, 3, 16, 32, 32]</c> are <c>Golden.Hash(1000)</c> in float32, weights those of <see cref="GoldenWeights"/> with batch
/// normalization as it starts, in evaluation mode.
/// </remarks>
/// <param name="Weights">Names and shapes, in order, such as <c>stem.0.weight 64x3x3x7x7</c>; no shapes where only names are known.</param>
/// <param name="State">Number of weights and buffers.</param>
/// <param name="Map">Shape of the output, pooled over space where its last sizes are 1.</param>
/// <param name="Output">The output.</param>
internal sealed record GoldenEncoder(string[] Weights, int State, long[] Map, Summary Output)
{
    public static IReadOnlyDictionary<string, GoldenEncoder> Values { get; } = GoldenFile.Read<Dictionary<string, GoldenEncoder>>("encoders.json");
}

/// <summary>Golden values of <c>r3d18_training.json</c>: TCLR's encoder and head over clips <c>[4, 3, 16, 16, 16]</c> in training, with gradients.</summary>
/// <remarks><c>Large</c> is the encoder's output in evaluation mode for clips <c>[1, 3, 16, 112, 112]</c>.</remarks>
internal sealed record GoldenTraining(
    Summary Out,
    double Scalar,
    Summary GradInput,
    IReadOnlyDictionary<string, Summary> Grads,
    double TotalGradNorm,
    Summary StemBnRunningMean,
    Summary StemBnRunningVar,
    Summary Large)
{
    public static GoldenTraining Values { get; } = GoldenFile.Read<GoldenTraining>("r3d18_training.json");
}
