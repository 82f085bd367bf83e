using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tclr.Data;

/// <summary>Options of a <see cref="FrameCache"/>.</summary>
public sealed record FrameCacheOptions
{
    /// <summary>Maximum size of all files of the cache in bytes. Videos that do not fit are decoded on every read.</summary>
    /// <remarks>Several processes that fill a cache at the same time can exceed it by the videos that they are writing.</remarks>
    /// <value>0 or more; with 0, nothing more is stored. The default value is 20 GiB.</value>
    public long MaximumBytes { get; init; } = 20L << 30;

    /// <summary>Space in bytes that the cache leaves free on its disk, for checkpoints and other files.</summary>
    /// <value>0 or more; with 0, the free space is not checked. The default value is 1 GiB.</value>
    public long MinimumFreeBytes { get; init; } = 1L << 30;

    /// <summary>Receives a warning when the cache is full, cannot be read or written, or has a damaged file.</summary>
    /// <value>The default value logs nothing.</value>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    internal void Check(OptionChecker check)
    {
        check.AtLeast(MaximumBytes, 0);
        check.AtLeast(MinimumFreeBytes, 0);
        check.Require(Logger is not null, Logger, "a logger");
    }
}
