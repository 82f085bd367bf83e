namespace Tclr.Core;

/// <summary>Writes checkpoints in the background, one at a time: training waits only while the tensors are copied.</summary>
internal sealed class CheckpointSaver(CheckpointStore store, Action<string> saved)
{
    private Task writing = Task.CompletedTask;

    /// <summary>Starts to write a checkpoint, after the previous one is complete.</summary>
    /// <param name="snapshot">Copies the tensors, on this thread.</param>
    /// <exception cref="CheckpointException">The previous one could not be written.</exception>
    public void Begin(Func<CheckpointSnapshot> snapshot)
    {
        Wait();
        var content = snapshot();
        writing = Task.Run(() =>
        {
            using (content)
            {
                saved(store.Save(content));
            }
        });
    }

    /// <summary>Waits until the checkpoint is written.</summary>
    /// <exception cref="CheckpointException">It could not be written.</exception>
    public void Wait()
    {
        var task = writing;
        writing = Task.CompletedTask;
        task.GetAwaiter().GetResult();
    }

    /// <summary>Throws if the last checkpoint is known to have failed.</summary>
    /// <exception cref="CheckpointException">The last one could not be written.</exception>
    public void ThrowIfFailed()
    {
        if (writing.IsFaulted)
        {
            Wait();
        }
    }

    /// <summary>Waits until the checkpoint is written or has failed.</summary>
    public void Settle()
    {
        try
        {
            Wait();
        }
        catch (CheckpointException)
        {
        }
    }
}
