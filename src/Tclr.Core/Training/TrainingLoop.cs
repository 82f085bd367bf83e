using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Runs the steps of a run on one thread.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly TrainerConfiguration configuration;
    private readonly TrainingNetwork network;
    private readonly RunState run;
    private readonly StepCheck check;
    private readonly TrainingReporter reporter;
    private readonly CheckpointSaver? saver;
    private readonly Queue<StepReading> unread = new();
    private readonly Ranks ranks;
    private readonly int readTogether;
    private int? videosPerPass;
    private long savedAt;
    private bool stopped;

    public TrainingLoop(TrainerConfiguration configuration, TrainingNetwork network, RunState run)
    {
        this.configuration = configuration;
        this.network = network;
        this.run = run;
        savedAt = run.Step == 0 ? -1 : run.Step;
        videosPerPass = configuration.VideosPerPass;
        readTogether = configuration.StepsReadTogether;
        ranks = new Ranks(configuration.Collective);
        saver = ranks.IsFirst && configuration.Checkpoints is { } store ? new CheckpointSaver(store, configuration.Logger.Saved) : null;
        check = new StepCheck(configuration, network, run, saver);
        set_num_threads(configuration.Threads);
        if (run.Step == 0 && ranks.IsFirst && configuration.Checkpoints?.SetAside() is { } aside)
        {
            configuration.Logger.SetAside(aside);
        }

        reporter = new TrainingReporter(configuration, run);
    }

    /// <summary>Trains to the end, or until canceled.</summary>
    /// <param name="ended">Receives each epoch, also an incomplete last one.</param>
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

            // Several ranks stop at the same step, which they agree on: until then none stops reading.
            using var batches = new StepBatches(configuration, ranks.IsAlone ? stop : CancellationToken.None);
            while (!run.IsFinished && !Stops(stop))
            {
                RunEpoch(batches, ended, stop);
                Save();
            }

            saver?.Wait();
            configuration.Collective.Barrier();
        }
        catch (Exception)
        {
            // The checkpoint that is being written is completed; the error to report is the one that led here.
            saver?.Settle();
            throw;
        }

        if (!run.IsFinished)
        {
            configuration.Logger.Canceled(run.Step, configuration.TotalSteps);
        }
    }

    public void Dispose()
    {
        while (unread.TryDequeue(out var reading))
        {
            reading.Dispose();
        }

        reporter.Dispose();
    }

    private bool Stops(CancellationToken stop) => stopped = stopped || ranks.AnyStops(stop.IsCancellationRequested, run.Step);

    // The steps of one epoch from the current one on.
    private void RunEpoch(StepBatches batches, Action<EpochResult> ended, CancellationToken stop)
    {
        int epoch = run.Epoch;
        long first = run.Step;
        batches.GoTo(run.Step);
        while (run.Step < configuration.TotalSteps && run.Epoch == epoch && !Stops(stop) && batches.TryTake(out var taken, out var wait))
        {
            try
            {
                if (!RunStep(taken, wait, batches))
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

        if (ReadAll() && run.Step > first)
        {
            ended(run.Epoch > epoch ? reporter.EndEpoch() : run.Result(epoch));
        }
    }

    // False if the run rolled back and must read other clips.
    private bool RunStep(List<ClipBatch> batches, TimeSpan wait, StepBatches following)
    {
        long started = Stopwatch.GetTimestamp() - wait.Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond);
        double learningRate = configuration.Optimizer.LearningRate * configuration.Schedule.Factor(run.Position);
        if (run.Skipped.Contains(run.Step + 1))
        {
            // In order: the steps before it first.
            if (!ReadAll())
            {
                return false;
            }

            run.Advance();
            reporter.ReportSkipped(learningRate, wait);
            return true;
        }

        MeasureCost(batches[0]);
        int clips = batches.Sum(batch => batch.Samples.Count * batch.Layout.Count);
        using var before = configuration.NonFinite == NonFinitePolicy.SkipStep ? network.BackUpBuffers() : null;
        var values = network.ComputeGradients(batches, run.Step, videosPerPass, guard: readTogether > 1);
        var reading = new StepReading(run.Step + 1, values, [.. batches.SelectMany(batch => batch.Samples)], clips, learningRate, wait);
        unread.Enqueue(reading);
        reporter.BeginStep(started, clips * configuration.Collective.Size);
        following.Prefetch();

        // Read at once, the check comes before the weights change. Read later, the device itself keeps bad gradients from the weights.
        if (readTogether == 1 && check.Check(reading) is { } reason)
        {
            before?.Restore();
            unread.Clear();
            reading.Dispose();
            return Skip(reading, reason);
        }

        network.Update(learningRate);
        run.Advance();
        return unread.Count < readTogether || ReadAll();
    }

    private bool ReadAll()
    {
        StepReading.ReadTogether(unread);
        while (unread.TryDequeue(out var reading))
        {
            using (reading)
            {
                if (check.Check(reading) is { } reason)
                {
                    return Skip(reading, reason);
                }

                reporter.Report(reading);
            }
        }

        return true;
    }

    private bool Skip(StepReading reading, string reason)
    {
        run.Skip(reading.Step);
        if (configuration.NonFinite == NonFinitePolicy.SkipStep)
        {
            configuration.Logger.Skipped(reason);
            run.Advance();
            reporter.ReportSkipped(reading.LearningRate, reading.DataWait);
            return true;
        }

        while (unread.TryDequeue(out var later))
        {
            later.Dispose();
        }

        Checkpoint? found = null;
        ranks.Together(() =>
        {
            saver?.Wait();
            found = ranks.IsFirst ? configuration.Checkpoints!.NewestValid(damage => configuration.Logger.Damaged(damage.Message)) : null;
        });
        var checkpoint = ranks.Same(found)
            ?? throw new TrainingException($"{reason} There is no checkpoint to return to in '{configuration.Checkpoints!.Folder}'.") { IsOfAllRanks = true };
        ranks.Together(() => network.Restore(checkpoint));
        run.Restore(checkpoint.State);
        savedAt = run.Step;
        reporter.ReturnTo(run.Step);
        configuration.Logger.RolledBack(run.Step, reason);
        return false;
    }

    private void MeasureCost(ClipBatch batch)
    {
        if (reporter.KnowsCost)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var clip = batch.ReadyOrOn(configuration.Device).select(0, 0).narrow(0, 0, 1).to(configuration.Device, non_blocking: true);
        var cost = network.CostOf(network.Precision == TrainingPrecision.BFloat16 ? clip.to(ScalarType.BFloat16) : clip);
        reporter.SetCost(cost);
        long clipBytes = clip.numel() * clip.ElementSize;
        if (configuration.GradientCaching && configuration.MemoryBudget is { } budget && videosPerPass is null)
        {
            long perVideo = cost.ActivationBytes * configuration.PlanFor(batch.Layout).LargestPass;
            if (perVideo > budget)
            {
                throw new TrainingException(FormattableString.Invariant(
                    $"WithGradientCaching: the activations of one video take about {perVideo} bytes, more than the budget of {budget}. Raise it, choose WithBatchNormScope(PerView), or smaller clips."));
            }

            videosPerPass = (int)Math.Min(budget / Math.Max(1, perVideo), configuration.OwnBatchSize);
            if (!ranks.IsAlone)
            {
                // The passes of a rank are of one size.
                videosPerPass = Enumerable.Range(1, videosPerPass.Value).Last(videos => configuration.OwnBatchSize % videos == 0);
            }

            configuration.Logger.PassSize(videosPerPass.Value, cost.ActivationBytes);
        }

        // TorchSharp cannot tell the memory of a GPU, which refuses by itself with an error.
        if (configuration.MemoryCheck && configuration.Device.type == DeviceType.CPU && FreeMemory.Find() is { } free)
        {
            var memory = new StepMemory(cost.ActivationBytes + clipBytes, batch.Layout.Count) { Passes = configuration.Passes };
            if (memory.Of(configuration, videosPerPass) > free.Bytes)
            {
                // Memory that an earlier run left in the heap is reusable, but does not count as free.
                GlibcMalloc.ReleaseFreedMemory();
                free = FreeMemory.Find() ?? free;
            }

            // The processes of a machine share its memory.
            string[] hosts = ranks.GatherText(Environment.MachineName);
            free = free with { Bytes = free.Bytes / hosts.Count(host => string.Equals(host, Environment.MachineName, StringComparison.Ordinal)) };
            ranks.Together(() => memory.Check(configuration, videosPerPass, free));
        }
    }

    private void Save()
    {
        if (configuration.Checkpoints is null || savedAt == run.Step || !ReadAll())
        {
            return;
        }

        reporter.Flush();
        savedAt = run.Step;
        saver?.Begin(() => network.Snapshot(run.Save()));
    }
}
