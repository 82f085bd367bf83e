using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The steps of a run, one after the other, on one thread.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private const int StepsReadTogetherOnGpu = 16;

    private readonly TrainerConfiguration configuration;
    private readonly TrainingNetwork network;
    private readonly RunState run;
    private readonly StepGuard guard;
    private readonly StepTeller teller;
    private readonly CheckpointSaver? saver;
    private readonly Queue<StepReading> unread = new();
    private readonly int readTogether;
    private int? videosPerPass;
    private long savedAt;

    public TrainingLoop(TrainerConfiguration configuration, TrainingNetwork network, RunState run)
    {
        this.configuration = configuration;
        this.network = network;
        this.run = run;
        savedAt = run.Step == 0 ? -1 : run.Step;
        videosPerPass = configuration.VideosPerPass;
        readTogether = configuration.Device.type == DeviceType.CPU || configuration.NonFinite == NonFinitePolicy.Skip ? 1 : StepsReadTogetherOnGpu;
        saver = configuration.Checkpoints is { } store ? new CheckpointSaver(store, configuration.Logger.Saved) : null;
        guard = new StepGuard(configuration, network, run, saver);
        set_num_threads(configuration.Threads);
        if (run.Step == 0 && configuration.Checkpoints?.SetAside() is { } aside)
        {
            configuration.Logger.SetAside(aside);
        }

        teller = new StepTeller(configuration, run);
    }

    /// <summary>Trains to the end, or until told to stop.</summary>
    /// <param name="ended">Told of each epoch, and of the last one if it was cut short.</param>
    /// <param name="stop">Finishes the step and saves a checkpoint.</param>
    public void Run(Action<EpochResult> ended, CancellationToken stop)
    {
        configuration.Logger.Started(configuration.TotalSteps, configuration.BatchSize, run.Step, network.Precision);
        network.Train();
        try
        {
            if (configuration.NonFinite == NonFinitePolicy.RollBack && run.Step == 0)
            {
                Save();
            }

            while (!run.IsFinished && !stop.IsCancellationRequested)
            {
                RunEpoch(ended, stop);
                Save();
            }

            saver?.Wait();
        }
        catch (Exception)
        {
            // The checkpoint that is being written gets done; the error on its way is the one to tell.
            saver?.Settle();
            throw;
        }

        if (!run.IsFinished)
        {
            configuration.Logger.Cancelled(run.Step, configuration.TotalSteps);
        }
    }

    public void Dispose()
    {
        while (unread.TryDequeue(out var reading))
        {
            reading.Dispose();
        }

        teller.Dispose();
    }

    // The steps of one epoch from the current one on.
    private void RunEpoch(Action<EpochResult> ended, CancellationToken stop)
    {
        int epoch = run.Epoch;
        long first = run.Step;
        var request = new EpochRequest(configuration.Seed, epoch, configuration.BatchSize, run.StepInEpoch * configuration.Accumulation);
        using (var batches = new StepBatches(configuration, request, stop))
        {
            while (run.Step < configuration.TotalSteps && run.Epoch == epoch && batches.TryTake(out var taken, out var wait))
            {
                try
                {
                    if (!RunStep(taken, wait))
                    {
                        return;
                    }
                }
                finally
                {
                    taken.ForEach(batch => batch.Dispose());
                }

                saver?.ThrowIfFailed();
                if (run.StepInEpoch != 0 && run.Step % (configuration.CheckpointEvery ?? long.MaxValue) == 0)
                {
                    Save();
                }
            }
        }

        if (ReadAll() && run.Step > first)
        {
            ended(run.Epoch > epoch ? teller.EndEpoch() : run.Result(epoch));
        }
    }

    // False if the run went back and must read other clips.
    private bool RunStep(List<ClipBatch> batches, TimeSpan wait)
    {
        long started = Stopwatch.GetTimestamp() - wait.Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond);
        double learningRate = configuration.Optimizer.LearningRate * configuration.Schedule.Factor(run.Position);
        if (run.Skipped.Contains(run.Step + 1))
        {
            run.Advance();
            teller.Skipped(learningRate, wait);
            return true;
        }

        MeasureCost(batches[0]);
        int clips = batches.Sum(batch => batch.Samples.Count * batch.Layout.Count);
        using var before = configuration.NonFinite == NonFinitePolicy.Skip ? network.BackUpBuffers() : null;
        var values = network.ComputeGradients(batches, run.Step, videosPerPass);
        var reading = new StepReading(run.Step + 1, values, [.. batches.SelectMany(batch => batch.Samples)], clips, learningRate, wait);
        unread.Enqueue(reading);
        teller.Begin(started, clips);

        // Where nothing is gained by waiting, bad numbers are found before they reach the weights.
        if (readTogether == 1 && guard.Judge(reading) is { } reason)
        {
            before?.Restore();
            unread.Clear();
            reading.Dispose();
            return LeaveOut(reading, reason);
        }

        network.Update(learningRate);
        run.Advance();
        return unread.Count < readTogether || ReadAll();
    }

    private bool ReadAll()
    {
        while (unread.TryDequeue(out var reading))
        {
            using (reading)
            {
                if (guard.Judge(reading) is { } reason)
                {
                    return LeaveOut(reading, reason);
                }

                guard.Passed(reading.Step);
                teller.Done(reading);
            }
        }

        return true;
    }

    private bool LeaveOut(StepReading reading, string reason)
    {
        run.Skip(reading.Step);
        if (configuration.NonFinite == NonFinitePolicy.Skip)
        {
            configuration.Logger.Skipped(reason);
            run.Advance();
            teller.Skipped(reading.LearningRate, reading.DataWait);
            return true;
        }

        while (unread.TryDequeue(out var later))
        {
            later.Dispose();
        }

        saver!.Wait();
        var checkpoint = configuration.Checkpoints!.NewestValid(damage => configuration.Logger.Damaged(damage.Message))
            ?? throw new TrainingException($"{reason} There is no checkpoint to go back to in '{configuration.Checkpoints.Folder}'.");
        network.Restore(checkpoint);
        run.Restore(checkpoint.State);
        savedAt = run.Step;
        teller.GoBackTo(run.Step);
        configuration.Logger.WentBack(run.Step, reason);
        return false;
    }

    private void MeasureCost(ClipBatch batch)
    {
        if (teller.KnowsCost)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var clip = batch.To(configuration.Device).select(0, 0).narrow(0, 0, 1);
        var cost = network.CostOf(network.Precision == TrainingPrecision.BFloat16 ? clip.to(ScalarType.BFloat16) : clip);
        teller.SetCost(cost);
        long clipBytes = clip.numel() * clip.ElementSize;
        if (configuration.GradientCaching && configuration.MemoryBudget is { } budget && videosPerPass is null)
        {
            long perVideo = cost.ActivationBytes * (configuration.Statistics == BatchStatistics.PerView ? 1 : batch.Layout.Count);
            if (perVideo > budget)
            {
                throw new TrainingException(FormattableString.Invariant(
                    $"WithGradientCaching: the activations of one video take about {perVideo} bytes, more than the budget of {budget}. Raise it, choose WithBatchStatistics(PerView), or smaller clips."));
            }

            videosPerPass = (int)Math.Min(budget / Math.Max(1, perVideo), configuration.BatchSize);
            configuration.Logger.PassSize(videosPerPass.Value, cost.ActivationBytes);
        }

        // TorchSharp cannot tell the memory of a GPU, which refuses by itself with an error.
        if (configuration.MemoryCheck && configuration.Device.type == DeviceType.CPU && FreeMemory.Find() is { } free)
        {
            var memory = new StepMemory(cost.ActivationBytes + clipBytes, batch.Layout.Count);
            if (memory.Of(configuration, videosPerPass) > free.Bytes)
            {
                // What an earlier run in this process left in the heap can be used again, and is not free for the system.
                GlibcMalloc.ReleaseFreedMemory();
                free = FreeMemory.Find() ?? free;
            }

            memory.Check(configuration, videosPerPass, free);
        }
    }

    private void Save()
    {
        if (saver is null || savedAt == run.Step || !ReadAll())
        {
            return;
        }

        teller.Flush();
        savedAt = run.Step;
        saver.Begin(() => network.Snapshot(run.Save(RunEnvironment.Of(configuration))));
    }
}
