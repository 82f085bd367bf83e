using System.Threading.Channels;
using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>Reads batches ahead, in the background, for a thread that waits for the next one.</summary>
internal sealed class BatchReader : IDisposable
{
    private const int Ahead = 2;

    private readonly Channel<ClipBatch> ready = Channel.CreateBounded<ClipBatch>(Ahead);
    private readonly CancellationTokenSource stop;
    private readonly Task reading;

    public BatchReader(IAsyncEnumerable<ClipBatch> batches, CancellationToken cancellationToken)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        reading = Task.Run(() => ReadAsync(batches), CancellationToken.None);
    }

    /// <summary>Waits for the next batch, which the caller owns; <see langword="null"/> at the end.</summary>
    public ClipBatch? Next()
    {
        stop.Token.ThrowIfCancellationRequested();
        return ready.Reader.WaitToReadAsync(stop.Token).AsTask().GetAwaiter().GetResult() && ready.Reader.TryRead(out var batch) ? batch : null;
    }

    /// <summary>Stops reading and releases what nobody took.</summary>
    public void Dispose()
    {
        stop.Cancel();
        reading.GetAwaiter().GetResult();
        while (ready.Reader.TryRead(out var batch))
        {
            batch.Dispose();
        }

        stop.Dispose();
    }

    private async Task ReadAsync(IAsyncEnumerable<ClipBatch> batches)
    {
        Exception? error = null;
        try
        {
            await foreach (var batch in batches.WithCancellation(stop.Token).ConfigureAwait(false))
            {
                bool taken = false;
                try
                {
                    await ready.Writer.WriteAsync(batch, stop.Token).ConfigureAwait(false);
                    taken = true;
                }
                finally
                {
                    if (!taken)
                    {
                        batch.Dispose();
                    }
                }
            }
        }
        catch (Exception e)
        {
            // For whoever waits for the next batch.
            error = e;
        }

        ready.Writer.Complete(error);
    }
}
