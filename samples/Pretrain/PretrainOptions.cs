namespace Tclr.Samples.Pretrain;

/// <summary>What the command line says.</summary>
internal sealed record PretrainOptions
{
    public string? Recipe { get; init; }

    public required string Videos { get; init; }

    public string? List { get; init; }

    public required string Output { get; init; }

    public bool Resume { get; init; }

    public string? Weights { get; init; }

    public string Device { get; init; } = "cpu";

    public int? Epochs { get; init; }

    public int? Steps { get; init; }

    public int? BatchSize { get; init; }

    public ulong? Seed { get; init; }

    public int? Workers { get; init; }

    public int? Threads { get; init; }

    public int? ShortSide { get; init; }

    public bool Ffmpeg { get; init; }

    public int? CheckpointEvery { get; init; }

    public long? MemoryBudgetMegabytes { get; init; }
}
