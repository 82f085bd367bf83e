namespace Tclr.Core;

/// <summary>Writes checkpoints beside the training: only copying the tensors holds it up. One is written at a time.</summary>
internal sealed class CheckpointSaver(CheckpointStore store, Action<string> saved)
{
    private Task writing = Task.CompletedTask;

    /// <summary>Starts to write a checkpoint once the one before is done.</summary>
    /// <param name="snapshot">Copies what is to be written; called on this thread.</param>
    /// <exception cref="CheckpointException">The one before could not be written.</exception>
    public void Begin(Func<CheckpointContent> snapshot)
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

    /// <summary>Waits for what is being written.</summary>
    /// <exception cref="CheckpointException">It could not be written.</exception>
    public void Wait()
    {
        var task = writing;
        writing = Task.CompletedTask;
        task.GetAwaiter().GetResult();
    }

    /// <summary>Tells of a failure as soon as it is known.</summary>
    /// <exception cref="CheckpointException">The last one could not be written.</exception>
    public void ThrowIfFailed()
    {
        if (writing.IsFaulted)
        {
            Wait();
        }
    }

    /// <summary>Waits for what is being written, whatever becomes of it.</summary>
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
