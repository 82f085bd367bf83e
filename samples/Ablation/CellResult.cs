namespace Tclr.Samples.Ablation;

/// <summary>What one row reached with one seed.</summary>
internal sealed record CellResult
{
    public required string Row { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Measures by name, in %.</summary>
    public required IReadOnlyDictionary<string, double> Measures { get; init; }

    /// <summary>Means of the loss terms over the last steps.</summary>
    public required IReadOnlyDictionary<string, double> Terms { get; init; }

    /// <summary>Steps trained.</summary>
    public required long Steps { get; init; }

    public required double Seconds { get; init; }
}
