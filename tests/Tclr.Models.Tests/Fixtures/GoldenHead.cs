using System.Text.Json.Serialization;

namespace Tclr.Models.Tests.Fixtures;

/// <summary>The golden values of <c>tclr_head.json</c>.</summary>
internal sealed record GoldenHead(GoldenHeadEvaluation Eval, GoldenHeadTraining Train)
{
    public static GoldenHead Values { get; } = GoldenFile.Read<GoldenHead>("tclr_head.json");
}

/// <summary>Embeddings of the mean over time, of the first and of the last timestep.</summary>
internal sealed record GoldenHeadEvaluation(Summary Gsr, Summary X1, Summary X4);

/// <summary>A step with batch statistics: embeddings, gradients and running statistics.</summary>
internal sealed record GoldenHeadTraining(
    Summary Gsr,
    Summary X1,
    Summary X2,
    Summary X3,
    Summary X4,
    double Scalar,
    Summary GradFeat,
    IReadOnlyDictionary<string, Summary> Grads,
    [property: JsonPropertyName("bn1_running_mean")] Summary Bn1RunningMean,
    [property: JsonPropertyName("bn1_running_var")] Summary Bn1RunningVar,
    [property: JsonPropertyName("bn2_running_mean")] Summary Bn2RunningMean,
    [property: JsonPropertyName("bn2_running_var")] Summary Bn2RunningVar,
    long NumBatchesTracked);
