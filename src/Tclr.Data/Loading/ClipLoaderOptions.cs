namespace Tclr.Data;

/// <summary>How clips are loaded. None of it changes what a batch holds.</summary>
public sealed record ClipLoaderOptions
{
    /// <summary>Number of samples that are decoded at a time.</summary>
    /// <value>1 or more. The default value leaves one processor to training: their number less one, 1 at least and 16 at most.</value>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount - 1, 1, 16);

    /// <summary>Number of batches that are made ready in advance; each takes the memory of a batch.</summary>
    /// <value>1 or more. The default value is 2.</value>
    public int PrefetchBatches { get; init; } = 2;

    /// <summary>Largest share of videos that may fail to decode; a single one is always tolerated.</summary>
    /// <value>0 to 1. The default value is 0.1.</value>
    public double MaximumFaultyShare { get; init; } = 0.1;

    internal void Check()
    {
        OptionCheck.AtLeast(Workers, 1, nameof(Workers));
        OptionCheck.AtLeast(PrefetchBatches, 1, nameof(PrefetchBatches));
        OptionCheck.Share(MaximumFaultyShare, nameof(MaximumFaultyShare));
    }
}
