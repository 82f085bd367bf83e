using System.Reflection;
using System.Text.Json;

namespace Tclr.Losses.Tests.Fixtures;

/// <summary>The golden values of <c>further_losses.json</c>: DualVar and CVRL.</summary>
internal sealed record FurtherLoss(
    double Loss,
    double LossWithoutWeight,
    double MocoVariantLossNoClip,
    double ContrastiveLoss,
    GradientSummary? GradZ,
    GradientSummary? GradRaw,
    GradientSummary? GradQ,
    GradientSummary? GradHidden)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static IReadOnlyDictionary<string, FurtherLoss> All { get; } = Read();

    private static Dictionary<string, FurtherLoss> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("further_losses.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, FurtherLoss>>(stream, Json)!;
    }
}
