namespace Tclr.Samples.Quickstart;

/// <summary>What the command line says.</summary>
internal sealed record QuickstartOptions
{
    public const int SyntheticSteps = 160;
    public const int FolderSteps = 60;

    public string? Videos { get; init; }

    public string Output { get; init; } = "tclr-quickstart";

    public int? Steps { get; init; }

    public int BatchSize { get; init; } = 16;

    public ulong Seed { get; init; } = 11;

    public int TrainVideos { get; init; } = 450;

    public int TestVideos { get; init; } = 450;

    public bool Resume { get; init; }

    public int TrainingSteps => Steps ?? (Videos is null ? SyntheticSteps : FolderSteps);
}
