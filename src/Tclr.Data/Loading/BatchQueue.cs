using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Tclr.Data;

/// <summary>Prepares batches ahead of the consumer, with several workers.</summary>
internal static class BatchQueue
{
    /// <summary>Makes batches and yields them in order.</summary>
    /// <param name="steps">The batches to make.</param>
    /// <param name="create">Creates an empty batch for a step; called on the consumer's side.</param>
    /// <param name="options">Numbers of workers and of batches ahead.</param>
    /// <param name="meter">Records the waiting times of workers and consumer.</param>
    /// <param name="cancellationToken">Stops the workers.</param>
    /// <returns>Ready batches; the consumer takes or disposes each.</returns>
    public static async IAsyncEnumerable<PendingBatch> RunAsync(
        IEnumerable<int> steps,
        Func<int, PendingBatch> create,
        ClipLoaderOptions options,
        LoaderMeter meter,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Unbounded, but never longer than the samples of the batches ahead.
        var work = Channel.CreateUnbounded<(PendingBatch Batch, int Slot)>();
        var pending = new Queue<PendingBatch>();
        var workers = Enumerable.Range(0, options.Workers).Select(_ => Task.Run(() => WorkAsync(work.Reader, meter, stop.Token), CancellationToken.None)).ToList();
        try
        {
            using var next = steps.GetEnumerator();
            bool more = true;
            void Fill(int count)
            {
                while (more && pending.Count < count && (more = next.MoveNext()))
                {
                    var batch = create(next.Current);
                    pending.Enqueue(batch);
                    for (int slot = 0; slot < batch.Count; slot++)
                    {
                        work.Writer.TryWrite((batch, slot));
                    }
                }
            }

            Fill(options.PrefetchBatches);
            while (pending.Count > 0)
            {
                long asked = Stopwatch.GetTimestamp();
                await pending.Peek().Ready.WaitAsync(cancellationToken);
                meter.TrainerWaited(asked);

                // The workers continue while the consumer uses the batch.
                Fill(options.PrefetchBatches + 1);
                yield return pending.Dequeue();
            }
        }
        finally
        {
            // Also if the consumer stops early: no worker may write when the tensors are disposed.
            work.Writer.TryComplete();
            await stop.CancelAsync();
            await Task.WhenAll(workers);
            foreach (var batch in pending)
            {
                batch.Dispose();
            }
        }
    }

    private static async Task WorkAsync(ChannelReader<(PendingBatch Batch, int Slot)> work, LoaderMeter meter, CancellationToken cancellationToken)
    {
        try
        {
            long idle = Stopwatch.GetTimestamp();
            await foreach (var (batch, slot) in work.ReadAllAsync(cancellationToken))
            {
                meter.WorkerWaited(idle);
                batch.Fill(slot, cancellationToken);
                idle = Stopwatch.GetTimestamp();
            }
        }
        catch (OperationCanceledException)
        {
            // The enumeration was stopped early.
        }
    }
}
