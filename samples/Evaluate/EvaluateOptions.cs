namespace Tclr.Samples.Evaluate;

/// <summary>What the command line says.</summary>
internal sealed record EvaluateOptions
{
    public required string Verb { get; init; }

    public required string Checkpoint { get; init; }

    public bool Best { get; init; }

    public string? Recipe { get; init; }

    public string? Encoder { get; init; }

    public ClipRecipe? Protocol { get; init; }

    public string? WeightsKey { get; init; }

    public string? WeightsPrefix { get; init; }

    public bool Convert { get; init; }

    public string? Videos { get; init; }

    public string? TrainList { get; init; }

    public string? TestList { get; init; }

    public string? Train { get; init; }

    public string? Test { get; init; }

    public int Clips { get; init; } = 10;

    public bool Center { get; init; }

    public bool Augmented { get; init; }

    public int? Epochs { get; init; }

    public int? BatchSize { get; init; }

    public ulong Seed { get; init; }

    public required string Output { get; init; }

    public required string Report { get; init; }

    public bool Ffmpeg { get; init; }

    public string Device { get; init; } = "cpu";

    public int? Workers { get; init; }

    public int? Threads { get; init; }
}
