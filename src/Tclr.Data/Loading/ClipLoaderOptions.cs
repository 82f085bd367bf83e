using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

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

    /// <summary>
    /// A file that lists the videos that failed, one line of JSON each. They are not tried again, in this run or a later
    /// one, while they have the same size and time; remove a line, or the file, for another try.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: the list lasts as long as the loader.</value>
    public string? QuarantinePath { get; init; }

    /// <summary>Whether batches lie in page-locked memory, which a GPU can fetch while the processor goes on.</summary>
    /// <value>The default value is <see langword="null"/>: where CUDA is available.</value>
    public bool? PinMemory { get; init; }

    /// <summary>Hears of each faulty video, and at the end of each reading what was loaded.</summary>
    /// <value>The default value is a logger that drops everything.</value>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    internal void Check()
    {
        OptionCheck.AtLeast(Workers, 1, nameof(Workers));
        OptionCheck.AtLeast(PrefetchBatches, 1, nameof(PrefetchBatches));
        OptionCheck.Share(MaximumFaultyShare, nameof(MaximumFaultyShare));
        OptionCheck.NotBlank(QuarantinePath, nameof(QuarantinePath));
        OptionCheck.Given(Logger, nameof(Logger));
    }
}
