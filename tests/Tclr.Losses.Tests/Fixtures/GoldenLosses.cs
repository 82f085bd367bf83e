using System.Reflection;
using System.Text.Json;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests.Fixtures;

/// <summary>The golden values of <c>tclr_losses.json</c>.</summary>
internal sealed record GoldenLosses(
    IReadOnlyList<GoldenPair> NtXent,
    IReadOnlyList<GoldenPair> LocalLocal,
    IReadOnlyList<GoldenPair> GlobalLocal,
    IReadOnlyList<GoldenAnalytic> Analytic,
    IReadOnlyList<GoldenStep> Steps)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static GoldenLosses All { get; } = Read();

    private static GoldenLosses Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("tclr_losses.json")!;
        return JsonSerializer.Deserialize<GoldenLosses>(stream, Json)!;
    }
}

/// <summary>A value without inputs of its own.</summary>
internal sealed record GoldenAnalytic(string Name, double Loss, double Analytic);

/// <summary>A loss of two tensors, with gradients for the embeddings and, where stored, for what they were normalized from.</summary>
internal sealed record GoldenPair(
    string Name,
    string Formula,
    double[] Seeds,
    long[] Shape,
    double Temperature,
    bool Normalized,
    double Loss,
    IReadOnlyList<GradientSummary> Gradients,
    IReadOnlyList<GradientSummary> RawGradients)
{
    public Tensor Raw(int index, ScalarType type)
    {
        var values = string.Equals(Formula, "sin", StringComparison.Ordinal)
            ? Golden.SinT(Seeds[index], Shape)
            : Golden.Hash((uint)Seeds[index], Shape);
        return values.to(type).requires_grad_();
    }

    public Tensor Embed(Tensor raw) => Normalized ? nn.functional.normalize(raw, 2, raw.dim() - 1) : raw.alias();

    public override string ToString() => Name;
}

/// <summary>What is stored of a gradient.</summary>
internal sealed record GradientSummary(double Norm, double Sum, double AbsSum, double[] First, double[] Last)
{
    /// <summary>The largest error, relative to the values' own size and, for entries and sums, to the gradient's.</summary>
    public double ErrorOf(Tensor gradient)
    {
        double[] values = gradient.to(ScalarType.Float64).data<double>().ToArray();
        double size = Math.Max(Norm, 1e-300);
        double worst = Math.Abs(Math.Sqrt(values.Sum(v => v * v)) - Norm) / size;
        worst = Math.Max(worst, Math.Abs(values.Sum() - Sum) / Math.Max(AbsSum, 1e-300));
        worst = Math.Max(worst, Math.Abs(values.Sum(Math.Abs) - AbsSum) / Math.Max(AbsSum, 1e-300));
        for (int i = 0; i < First.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(values[i] - First[i]) / size);
        }

        for (int i = 0; i < Last.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(values[values.Length - Last.Length + i] - Last[i]) / size);
        }

        return worst;
    }
}

/// <summary>A whole training step of the reference with given embeddings.</summary>
internal sealed record GoldenStep(
    string Name,
    int Batch,
    int Dimension,
    double Temperature,
    double Phase,
    double Total,
    IReadOnlyDictionary<string, double> Terms,
    IReadOnlyDictionary<string, double> GradientNorms,
    IReadOnlyDictionary<string, GradientSummary> Gradients)
{
    /// <summary>The names of the raw tensors, in the order of their phases.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. from version in Enumerable.Range(0, 2)
           from kind in new[] { "gsr", "ls0", "ls1", "ls2", "ls3", "d0", "d1", "d2", "d3" }
           select FormattableString.Invariant($"{kind}_v{version}"),
    ];

    /// <summary>The raw tensors by name.</summary>
    public Dictionary<string, Tensor> Raw(ScalarType type) => Names
        .Select((name, n) => (name, tensor: Golden.SinT(Phase + (0.1 * n), Batch, Dimension).to(type).requires_grad_()))
        .ToDictionary(raw => raw.name, raw => raw.tensor, StringComparer.Ordinal);

    public override string ToString() => Name;
}
