using Microsoft.Extensions.Logging;

namespace Tclr.Core;

/// <summary>Locks on everything that a run writes.</summary>
internal sealed class RunLocks : IDisposable
{
    private readonly List<FolderLock> locks = [];

    /// <summary>Locks the checkpoints and the outputs of the sinks, each by a file <c>NAME.lock</c> beside it. The lock on the checkpoints covers what lies beside them.</summary>
    /// <exception cref="CheckpointException">One of them is in use, or cannot be written.</exception>
    public RunLocks(CheckpointStore? checkpoints, IEnumerable<IMetricsSink> sinks, ILogger logger)
    {
        string? run = checkpoints is null ? null : Path.GetDirectoryName(checkpoints.Folder);
        var outputs = sinks.Select(sink => sink.Output).OfType<string>().Select(Path.GetFullPath)
            .Where(output => run is null || !string.Equals(Path.GetDirectoryName(output), run, StringComparison.Ordinal));
        try
        {
            foreach (string path in checkpoints is null ? outputs : outputs.Prepend(checkpoints.Folder))
            {
                var taken = FolderLock.TakeBeside(path);
                locks.Add(taken);
                if (taken.LeftBy is { } host)
                {
                    logger.LeftLocked(host);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new CheckpointException($"The run's files could not be written: {e.Message}{(e.InnerException is null ? " Free space or choose another folder." : string.Empty)}", e);
        }
    }

    public void Dispose()
    {
        locks.ForEach(held => held.Dispose());
        locks.Clear();
    }
}
