using System.Diagnostics;

namespace Tclr.Core;

/// <summary>The clips of an epoch, step by step. The training thread waits for them: nothing may run on another thread between two operators.</summary>
internal sealed class StepBatches : IDisposable
{
    private readonly TrainerConfiguration configuration;
    private readonly CancellationToken stop;
    private readonly CancellationTokenSource reading;
    private readonly IAsyncEnumerator<ClipBatch> batches;
    private int taken;

    public StepBatches(TrainerConfiguration configuration, EpochRequest request, CancellationToken stop)
    {
        this.configuration = configuration;
        this.stop = stop;
        reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            batches = configuration.Clips!.ReadAsync(request, reading.Token).GetAsyncEnumerator(reading.Token);
        }
        catch
        {
            reading.Dispose();
            throw;
        }

        taken = request.FirstStep;
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
            while (step.Count < configuration.Accumulation && !stop.IsCancellationRequested)
            {
                step.Add(Next());
                taken++;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Canceled while waiting for clips: the steps done stand.
        }

        wait = Stopwatch.GetElapsedTime(before);
        if (step.Count == configuration.Accumulation)
        {
            return true;
        }

        step.ForEach(batch => batch.Dispose());
        return false;
    }

    public void Dispose()
    {
        reading.Cancel();
        batches.DisposeAsync().AsTask().GetAwaiter().GetResult();
        reading.Dispose();
    }

    private ClipBatch Next()
        => batches.MoveNextAsync().AsTask().GetAwaiter().GetResult()
            ? batches.Current
            : throw new TrainingException(FormattableString.Invariant(
                $"The clips ended after {taken} batches of {configuration.BatchSize}; an epoch of {configuration.Clips!.SampleCount} samples has {configuration.Clips.SampleCount / configuration.BatchSize}."));
}
