using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tclr.Data;

/// <summary>Options of a <see cref="ClipLoader"/>. Only <see cref="AugmentOnDevice"/> changes the values of a batch, within rounding.</summary>
public sealed record ClipLoaderOptions
{
    /// <summary>Number of samples that are decoded in parallel.</summary>
    /// <value>1 or more. The default value is the number of processors minus one, at least 1 and at most 16; one processor is left for training.</value>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount - 1, 1, 16);

    /// <summary>Number of batches that are prepared in advance; each takes the memory of a batch.</summary>
    /// <value>1 or more. The default value is 2.</value>
    public int PrefetchBatches { get; init; } = 2;

    /// <summary>Maximum fraction of videos that may fail to decode; a single one is always tolerated.</summary>
    /// <value>0 to 1. The default value is 0.1.</value>
    public double MaximumFaultyShare { get; init; } = 0.1;

    /// <summary>
    /// A file that lists the failed videos, one line of JSON each. They are not tried again, in this run or later
    /// ones, unless their size or time changes. Delete a line, or the file, to try again. Each process of a run with several reads the
    /// file too and adds to a file of its own, <c>NAME.part-N</c>.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: the list is kept in memory.</value>
    public string? QuarantinePath { get; init; }

    /// <summary>Whether batches lie in page-locked memory, from which copies to a GPU run in the background.</summary>
    /// <value>The default value is <see langword="null"/>: if CUDA is available.</value>
    public bool? PinMemory { get; init; }

    /// <summary>Whether clips are augmented on the training device instead of by the loader's workers on the CPU.</summary>
    /// <remarks>
    /// Batches then hold decoded frames and drawn parameters; <see cref="Core.ClipBatch.To"/> augments them. This takes load
    /// off the CPU and needs the memory of two batches on the device. 8-bit operations give the same bytes on both,
    /// except that a blur can differ by one level; real numbers agree to 1e-5. Needs a <see cref="ClipAugmentation"/> or <see cref="Augmentations.PerView"/>.
    /// </remarks>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool AugmentOnDevice { get; init; }

    /// <summary>Receives a warning for each faulty video, and a summary at the end of each epoch.</summary>
    /// <value>The default value logs nothing.</value>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    internal void Check(OptionChecker check)
    {
        check.AtLeast(Workers, 1);
        check.AtLeast(PrefetchBatches, 1);
        check.Between(MaximumFaultyShare, 0, 1);
        check.Require(QuarantinePath is null || !string.IsNullOrWhiteSpace(QuarantinePath), QuarantinePath, "a path");
        check.Require(Logger is not null, Logger, "a logger");
    }
}
