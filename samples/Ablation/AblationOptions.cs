namespace Tclr.Samples.Ablation;

/// <summary>What the command line says.</summary>
internal sealed record AblationOptions
{
    public string? Videos { get; init; }

    public string Output { get; init; } = "tclr-ablation";

    public string RecipeName { get; init; } = "prototype";

    public Recipe Recipe { get; init; } = new();

    public IReadOnlyList<ulong> Seeds { get; init; } = [21, 22, 23, 24];

    public IReadOnlyList<Row> Rows { get; init; } = Row.All;

    public int TrainVideos { get; init; } = 450;

    public int TestVideos { get; init; } = 450;
}
