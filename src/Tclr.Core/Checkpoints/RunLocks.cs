namespace Tclr.Core;

/// <summary>The locks on what a run writes.</summary>
internal sealed class RunLocks : IDisposable
{
    private readonly List<FolderLock> locks = [];

    private RunLocks()
    {
    }

    /// <summary>Locks checkpoints, metrics and TensorBoard files, each by a file <c>NAME.lock</c> beside it; what lies beside the checkpoints is locked with them.</summary>
    /// <exception cref="CheckpointException">One of them is in use, or cannot be written.</exception>
    public static RunLocks Take(TrainerConfiguration configuration)
    {
        var taken = new RunLocks();
        try
        {
            string? run = null;
            if (configuration.Checkpoints is { } store)
            {
                run = Path.GetDirectoryName(store.Folder);
                taken.Add(FolderLock.TakeBeside(store.Folder), configuration);
            }

            if (configuration.MetricsFile is { } metrics && !IsIn(run, metrics))
            {
                taken.Add(FolderLock.TakeBeside(metrics), configuration);
            }

            if (configuration.TensorBoardFolder is { } board && !IsIn(run, board))
            {
                taken.Add(FolderLock.TakeBeside(board), configuration);
            }

            return taken;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            taken.Dispose();
            throw new CheckpointException($"The run's files could not be written: {e.Message}{(e.InnerException is null ? " Free space or choose another folder." : string.Empty)}", e);
        }
    }

    public void Dispose()
    {
        locks.ForEach(held => held.Dispose());
        locks.Clear();
    }

    private static bool IsIn(string? folder, string path) => string.Equals(Path.GetDirectoryName(Path.GetFullPath(path)), folder, StringComparison.Ordinal);

    private void Add(FolderLock taken, TrainerConfiguration configuration)
    {
        locks.Add(taken);
        if (taken.LeftBy is { } host)
        {
            configuration.Logger.LeftLocked(host);
        }
    }
}
