using System.Diagnostics;

namespace Tclr.Core;

/// <summary>
/// The batches of a run, step by step: the bridge between the source, which reads in the background, and the training thread, which must
/// stay on one thread. The next batch moves to the device while a step runs, and the next epoch is begun when the last batch of this one is there.
/// </summary>
internal sealed class StepBatches(TrainerConfiguration configuration, CancellationToken stop) : IDisposable
{
    private readonly long perEpoch = (long)configuration.StepsPerEpoch * configuration.Accumulation;
    private readonly long total = configuration.TotalSteps * configuration.Accumulation;
    private readonly Queue<ClipBatch> ready = new();
    private CancellationTokenSource? reading;
    private IAsyncEnumerator<ClipBatch>? batches;
    private Task<bool>? asked;
    private long read;

    /// <summary>Goes to the first batch of a step. Batches that were read ahead for it are kept.</summary>
    /// <param name="step">Number of steps done.</param>
    public void GoTo(long step)
    {
        if (read - ready.Count != step * configuration.Accumulation)
        {
            Clear();
            read = step * configuration.Accumulation;
        }
    }

    /// <summary>Takes the batches of a step.</summary>
    /// <param name="step">The batches; the caller owns them.</param>
    /// <param name="wait">How long they were waited for.</param>
    /// <returns>False if the run is to stop.</returns>
    public bool TryTake(out List<ClipBatch> step, out TimeSpan wait)
    {
        step = [];
        long before = Stopwatch.GetTimestamp();
        try
        {
            while (ready.Count < configuration.Accumulation && !stop.IsCancellationRequested)
            {
                ready.Enqueue(Receive());
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Canceled while waiting for clips: the steps done stand.
        }

        wait = Stopwatch.GetElapsedTime(before);
        if (stop.IsCancellationRequested || ready.Count < configuration.Accumulation)
        {
            return false;
        }

        Move(ready.Peek());
        while (step.Count < configuration.Accumulation)
        {
            step.Add(ready.Dequeue());
        }

        return true;
    }

    /// <summary>Asks for the batch after those that were taken and, if it is there already, begins to move it to the device. Waits for nothing.</summary>
    public void Prefetch()
    {
        if (ready.Count > 0 || read >= total || stop.IsCancellationRequested || !Ask().IsCompletedSuccessfully || !asked!.GetAwaiter().GetResult())
        {
            return;
        }

        ready.Enqueue(Receive());
        try
        {
            Move(ready.Peek());
        }
        catch (Exception)
        {
            // Tried again when the step takes the batch: by then the device has the memory of the running step back.
        }
    }

    public void Dispose() => Clear();

    // With gradient caching the device holds the ready clips of one pass, and not of a batch.
    private void Move(ClipBatch batch) => batch.MoveTo(configuration.Device, keepReady: configuration.GradientCaching);

    private ClipBatch Receive()
    {
        bool more = Ask().GetAwaiter().GetResult();
        asked = null;
        if (!more)
        {
            throw new TrainingException(FormattableString.Invariant(
                $"The clips ended after {read % perEpoch} batches of {configuration.BatchSize}; an epoch of {configuration.Clips!.SampleCount} samples has {configuration.Clips.SampleCount / configuration.BatchSize}."));
        }

        var batch = batches!.Current;
        CheckShare(batch);
        read++;
        if (read % perEpoch == 0)
        {
            Close();
            asked = read < total ? AskAsync() : null;
        }

        return batch;
    }

    // A source of the user's may read whole batches on each rank.
    private void CheckShare(ClipBatch batch)
    {
        int size = configuration.Collective.Size, expected = (int)Math.Min(configuration.BatchSize, configuration.Clips!.SampleCount - (read % perEpoch * configuration.BatchSize)) / size;
        if (size > 1 && batch.Samples.Count != expected)
        {
            int found = batch.Samples.Count;
            batch.Dispose();
            throw new TrainingException(FormattableString.Invariant(
                $"Across: the clip source read {found} samples of a batch: expected {expected}, the part of one of {size} processes. Its ReadAsync must read EpochRequest.Part of EpochRequest.Parts."));
        }
    }

    private Task<bool> Ask() => asked ??= AskAsync();

    // What the source throws is kept for the step that takes the batch.
    private async Task<bool> AskAsync()
    {
        if (batches is null)
        {
            var (epoch, first) = Math.DivRem(read, perEpoch);
            var request = new EpochRequest(configuration.Seed, (int)epoch, configuration.BatchSize, (int)first)
            {
                KeepLast = configuration.KeepLastBatch,
                BatchCount = (int)Math.Min(perEpoch - first, total - read),
                Part = configuration.Collective.Rank,
                Parts = configuration.Collective.Size,
            };
            reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
            batches = configuration.Clips!.ReadAsync(request, reading.Token).GetAsyncEnumerator(reading.Token);
        }

        return await batches.MoveNextAsync().ConfigureAwait(false);
    }

    private void Clear()
    {
        while (ready.TryDequeue(out var batch))
        {
            batch.Dispose();
        }

        Close();
    }

    // Ends the reading of an epoch.
    private void Close()
    {
        reading?.Cancel();
        try
        {
            if (asked?.GetAwaiter().GetResult() == true)
            {
                batches!.Current.Dispose();
            }
        }
        catch (Exception)
        {
            // Of a batch that is not wanted any more.
        }

        asked = null;
        batches?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        batches = null;
        reading?.Dispose();
        reading = null;
    }
}
