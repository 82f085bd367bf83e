using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Trains an encoder on clips. Made by <see cref="TclrTrainerBuilder"/>.</summary>
/// <remarks>
/// Training runs on a thread of its own, since libtorch's threads, gradient mode and dispose scopes belong to a thread.
/// The trainer owns encoder, head and optimiser; disposing it releases them.
/// </remarks>
public sealed class TclrTrainer : IDisposable
{
    private const int RateWindow = 20;

    private readonly ITemporalContrastiveLoss objective;
    private readonly TrainerConfiguration configuration;
    private readonly Adam optimizer;
    private long savedAt = -1;
    private bool running;

    internal TclrTrainer(TrainerConfiguration configuration)
    {
        this.configuration = configuration;
        manual_seed(unchecked((long)configuration.Seed));
        Encoder = configuration.Encoder!();
        Head = configuration.Head!(Encoder.FeatureDimension);
        objective = configuration.Loss;
        Encoder.Network.to(configuration.Device);
        Head.Network.to(configuration.Device);
        var adam = configuration.Adam;
        optimizer = optim.Adam(
            [.. Encoder.Network.parameters(), .. Head.Network.parameters()],
            lr: adam.LearningRate, beta1: adam.Beta1, beta2: adam.Beta2, eps: adam.Epsilon, weight_decay: adam.WeightDecay);
        try
        {
            Step = Restore();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The encoder, for evaluation. The trainer keeps owning it.</summary>
    public IVideoEncoder Encoder { get; }

    /// <summary>The projection head. The trainer keeps owning it.</summary>
    public IProjectionHead Head { get; }

    /// <summary>Number of steps done since the first start.</summary>
    public long Step { get; private set; }

    /// <summary>Number of steps of the run.</summary>
    public long TotalSteps => configuration.TotalSteps;

    /// <summary>Trains to the end.</summary>
    /// <param name="cancellationToken">Finishes the step, saves a checkpoint and returns what there is.</param>
    /// <returns>The epochs of this run and whether it came to its end.</returns>
    /// <exception cref="TrainingException">Training cannot go on; the message says why and what to do.</exception>
    public async Task<TrainingResult> TrainAsync(CancellationToken cancellationToken = default)
    {
        var epochs = new List<EpochResult>();
        await foreach (var epoch in TrainEpochsAsync(cancellationToken))
        {
            epochs.Add(epoch);
        }

        return new TrainingResult(epochs, Step, Step >= TotalSteps, configuration.Checkpoints?.Newest);
    }

    /// <summary>Trains and hands out each epoch when it is done. Leaving the loop early stops training like cancelling.</summary>
    /// <param name="cancellationToken">Finishes the step, saves a checkpoint and ends the sequence.</param>
    /// <returns>The epochs of this run.</returns>
    /// <exception cref="TrainingException">Training cannot go on; the message says why and what to do.</exception>
    public async IAsyncEnumerable<EpochResult> TrainEpochsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref running, true))
        {
            throw new InvalidOperationException("the trainer is training already");
        }

        var results = Channel.CreateUnbounded<EpochResult>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = Task.Factory.StartNew(() => Run(results.Writer, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (var epoch in results.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return epoch;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await work;
            running = false;
        }
    }

    /// <summary>Releases encoder, head and optimiser.</summary>
    public void Dispose()
    {
        optimizer.Dispose();
        Head.Dispose();
        Encoder.Dispose();
    }

    private void Run(ChannelWriter<EpochResult> results, CancellationToken stop)
    {
        try
        {
            set_num_threads(configuration.Threads);
            if (Step == 0 && configuration.Checkpoints?.SetAside() is { } aside)
            {
                configuration.Logger.SetAside(aside);
            }

            configuration.Logger.Started(TotalSteps, configuration.BatchSize, Step);
            Encoder.Network.train();
            Head.Network.train();
            using var metrics = configuration.MetricsFile is { } file ? new MetricsLog(file, Step) : null;
            while (Step < TotalSteps && !stop.IsCancellationRequested)
            {
                var epoch = RunEpoch(metrics, stop);
                metrics?.Flush();
                if (epoch is not null)
                {
                    configuration.Logger.EpochDone(epoch.Epoch, epoch.Loss);
                    results.TryWrite(epoch);
                }

                Save();
            }

            if (Step < TotalSteps)
            {
                configuration.Logger.Cancelled(Step, TotalSteps);
            }
        }
        finally
        {
            results.Complete();
        }
    }

    // The steps of one epoch from the current one on; null if none was done.
    private EpochResult? RunEpoch(MetricsLog? metrics, CancellationToken stop)
    {
        int epoch = (int)(Step / configuration.StepsPerEpoch);
        var request = new EpochRequest(configuration.Seed, epoch, configuration.BatchSize, (int)(Step % configuration.StepsPerEpoch));
        var means = new Dictionary<string, double>(StringComparer.Ordinal);
        double loss = 0;
        int steps = 0;
        var rate = new Queue<long>();
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var batches = configuration.Clips!.ReadAsync(request, reading.Token).GetAsyncEnumerator(reading.Token);
        try
        {
            while (Step < TotalSteps && !stop.IsCancellationRequested)
            {
                long before = Stopwatch.GetTimestamp();
                if (!Next(batches))
                {
                    break;
                }

                var wait = Stopwatch.GetElapsedTime(before);
                using var batch = batches.Current;
                double learningRate = configuration.Adam.LearningRate * configuration.Schedule.Factor(Step, TotalSteps);
                var (value, terms) = Optimise(batch, learningRate);
                Step++;
                steps++;
                loss += value;
                foreach (var (name, term) in terms)
                {
                    means[name] = means.GetValueOrDefault(name) + term;
                }

                rate.Enqueue(before);
                if (rate.Count > RateWindow)
                {
                    rate.Dequeue();
                }

                double stepSeconds = Stopwatch.GetElapsedTime(rate.Peek()).TotalSeconds / rate.Count;
                var progress = new TrainingProgress(
                    Step, TotalSteps, epoch, value, terms, learningRate, configuration.BatchSize * batch.Layout.Count / stepSeconds, wait, TimeSpan.FromSeconds(stepSeconds * (TotalSteps - Step)));
                metrics?.Write(progress);
                configuration.Progress?.Report(progress);
                if (Step % (configuration.CheckpointEvery ?? long.MaxValue) == 0)
                {
                    metrics?.Flush();
                    Save();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Cancelled while waiting for a batch: the steps done stand.
        }
        finally
        {
            reading.Cancel();
            batches.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        return steps == 0 ? null : new EpochResult(epoch, Step, loss / steps, means.ToDictionary(m => m.Key, m => m.Value / steps, StringComparer.Ordinal));
    }

    // The training thread waits: nothing may run on another thread between two operators.
    private static bool Next(IAsyncEnumerator<ClipBatch> batches) => batches.MoveNextAsync().AsTask().GetAwaiter().GetResult();

    private (double Loss, IReadOnlyDictionary<string, double> Terms) Optimise(ClipBatch batch, double learningRate)
    {
        using var scope = NewDisposeScope();
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = learningRate;
        }

        var clips = batch.Clips.to(configuration.Device);
        using var embeddings = TemporalEmbeddings.Compute(Encoder, Head, clips, batch.Layout, configuration.Statistics);
        using var loss = objective.Compute(embeddings);
        double value = loss.Total.ToDouble();
        var terms = loss.Terms.ToDictionary(term => term.Name, term => term.Value.ToDouble(), StringComparer.Ordinal);
        if (!double.IsFinite(value))
        {
            string wrong = string.Join(", ", terms.Where(t => !double.IsFinite(t.Value)).Select(t => $"{t.Key} = {t.Value}"));
            throw new TrainingException(
                $"The loss is {value} at step {Step + 1} ({(wrong.Length > 0 ? wrong : "all terms are finite")}), batch: {string.Join(", ", batch.Samples)}. Lower the learning rate or look at these videos; the newest checkpoint is {configuration.Checkpoints?.Newest ?? "none"}.");
        }

        optimizer.zero_grad();
        loss.Total.backward();
        optimizer.step();
        return (value, terms);
    }

    private void Save()
    {
        if (configuration.Checkpoints is { } store && savedAt != Step)
        {
            var state = new CheckpointState(Step, configuration.Seed, configuration.BatchSize, TotalSteps);
            configuration.Logger.Saved(store.Save(state, Encoder.Network, Head.Network, optimizer));
            savedAt = Step;
        }
    }

    private long Restore()
    {
        if (!configuration.Resume || configuration.Checkpoints?.Newest is not { } newest)
        {
            return 0;
        }

        var state = CheckpointStore.Load(newest, Encoder.Network, Head.Network, optimizer);
        if (state.Seed != configuration.Seed || state.BatchSize != configuration.BatchSize || state.TotalSteps != TotalSteps)
        {
            throw new CheckpointException(
                $"The checkpoint '{newest}' is of a run with seed {state.Seed}, batch size {state.BatchSize} and {state.TotalSteps} steps, this run has {configuration.Seed}, {configuration.BatchSize} and {TotalSteps}: use the same settings, or another folder.");
        }

        configuration.Logger.Resumed(newest, state.Step);
        savedAt = state.Step;
        return state.Step;
    }
}
