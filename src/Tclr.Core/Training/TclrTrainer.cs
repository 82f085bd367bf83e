using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tclr.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr;

/// <summary>Pretrains an encoder. Built by <see cref="TclrTrainerBuilder"/>.</summary>
/// <remarks>
/// <para>
/// Training runs on a dedicated thread, because libtorch's gradient mode and dispose scopes are per thread.
/// The trainer owns encoder, heads, optimizer and losses, and disposes them.
/// </para>
/// <para>
/// On a CPU a run is reproducible: a killed run resumes with bit-identical weights, optimizer state and metrics.
/// The metrics of each step are published to <see cref="System.Diagnostics.Metrics"/> under the meter <c>Tclr.Training</c>.
/// </para>
/// </remarks>
/// <example><code>
/// await foreach (var epoch in trainer.TrainEpochsAsync(cancellationToken))
/// {
///     log.WriteLine($"{epoch.Epoch}: {epoch.Loss:0.000}");
/// }
/// </code></example>
public sealed class TclrTrainer : IDisposable
{
    private readonly TrainerConfiguration configuration;
    private readonly RunState run;
    private readonly Ranks ranks;
    private readonly ILogger logger;
    private TrainingNetwork network = null!;
    private RunLocks? locks;
    private string? newest;
    private bool running;

    internal TclrTrainer(TrainerConfiguration configuration)
    {
        // One process tells what happens to all.
        ranks = new Ranks(configuration.Collective);
        logger = configuration.Logger;
        this.configuration = configuration = ranks.IsFirst ? configuration : configuration with { Sinks = [], Logger = NullLogger.Instance };
        try
        {
            var checkpoint = Newest();
            var precision = PrecisionOf(checkpoint);
            IReadOnlyDictionary<string, string> settings = null!;
            ranks.Together(() =>
            {
                network = new TrainingNetwork(configuration, precision, initialize: checkpoint is null);
                settings = RunDescription.Of(configuration, network.Encoder, network.Heads, checkpoint?.State);
            });
            ranks.RequireSame(RunDescription.Shared(configuration, precision, settings));
            run = new RunState(configuration, precision, settings);
            if (checkpoint is not null)
            {
                ranks.Together(() => Restore(checkpoint, settings));
            }

            network.TakeFromFirstRank();
            newest = configuration.Checkpoints?.Newest;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The encoder; disposed with the trainer.</summary>
    public IVideoEncoder Encoder => network.Encoder;

    /// <summary>The main projection head; disposed with the trainer.</summary>
    public IProjectionHead Head => network.Heads[0].Value;

    /// <summary>The momentum encoder, or <see langword="null"/>; disposed with the trainer.</summary>
    public IVideoEncoder? MomentumEncoder => network.MomentumEncoder;

    /// <summary>Precision of the encoder.</summary>
    public TrainingPrecision Precision => network.Precision;

    /// <summary>Number of steps done, those before a resume included.</summary>
    public long Step => run.Step;

    /// <summary>Number of steps of the run.</summary>
    public long TotalSteps => configuration.TotalSteps;

    /// <summary>Trains to the end.</summary>
    /// <param name="cancellationToken">Stops after the current step; a checkpoint is saved and the epochs so far are returned.</param>
    /// <returns>The epochs, and whether the run is complete.</returns>
    /// <exception cref="TrainingException">Training cannot continue; the message says why and what to do.</exception>
    public async Task<TrainingResult> TrainAsync(CancellationToken cancellationToken = default)
    {
        var epochs = new List<EpochResult>();
        await foreach (var epoch in TrainEpochsAsync(cancellationToken).ConfigureAwait(false))
        {
            epochs.Add(epoch);
        }

        return new TrainingResult(epochs, Step, run.IsFinished, configuration.Checkpoints?.Newest)
        {
            SkippedSteps = [.. run.Skipped],
            LeftOutPerEpoch = Math.Max(0, configuration.Clips!.SampleCount - (configuration.StepsPerEpoch * configuration.BatchSize * configuration.Accumulation)),
        };
    }

    /// <summary>Trains, and returns each epoch as it completes. Leaving the loop early cancels training.</summary>
    /// <param name="cancellationToken">Stops after the current step; a checkpoint is saved and the sequence ends.</param>
    /// <returns>The epochs.</returns>
    /// <exception cref="TrainingException">Training cannot continue; the message says why and what to do.</exception>
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
            await foreach (var epoch in results.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return epoch;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(false);
            running = false;
        }
    }

    /// <summary>Disposes encoders, heads, optimizer and losses, and releases the lock on the folder.</summary>
    public void Dispose()
    {
        network?.Dispose();
        foreach (var (loss, _) in configuration.Losses)
        {
            (loss as IDisposable)?.Dispose();
        }

        locks?.Dispose();
    }

    private void Run(ChannelWriter<EpochResult> results, CancellationToken stop)
    {
        try
        {
            ranks.Together(LockAgain);
            using (var loop = new TrainingLoop(configuration, network, run))
            {
                loop.Run(epoch => results.TryWrite(epoch), stop);
            }

            newest = configuration.Checkpoints?.Newest;
        }
        catch (Exception e) when (!ranks.IsAlone && e is not TrainingException { IsOfAllRanks: true })
        {
            // The others wait for this one, and cannot know.
            logger.RankFailed(configuration.Collective.Rank, configuration.Collective.Size, e);
            configuration.Collective.Abort(FormattableString.Invariant($"Rank {configuration.Collective.Rank} of {configuration.Collective.Size} failed. {e.GetType().Name}: {e.Message}"));
            throw;
        }
        finally
        {
            locks?.Dispose();
            locks = null;
            results.Complete();
        }
    }

    private RunLocks? Lock() => ranks.IsFirst ? new(configuration.Checkpoints, configuration.Sinks, configuration.Logger) : null;

    // The locks are held from Build() on; a trainer that continues after its training ended takes them anew.
    private void LockAgain()
    {
        if (locks is not null || !ranks.IsFirst)
        {
            return;
        }

        locks = Lock();
        if (run.Step > 0 && configuration.Checkpoints is { } store && !string.Equals(store.Newest, newest, StringComparison.Ordinal))
        {
            throw new CheckpointException($"'{store.Folder}' has checkpoints of another run since this one stopped: resume with a new trainer, or choose another folder.");
        }
    }

    // Locks the run's files and opens the checkpoint to resume from.
    private Checkpoint? Newest()
    {
        Checkpoint? found = null;
        ranks.Together(() =>
        {
            locks = Lock();
            if (configuration.Resume && ranks.IsFirst && configuration.Checkpoints is { } store)
            {
                found = store.NewestValid(damage => configuration.Logger.Damaged(damage.Message));
                if (found is null)
                {
                    configuration.Logger.NothingToResume(store.Folder);
                }
            }
        });
        return ranks.Same(found);
    }

    private TrainingPrecision PrecisionOf(Checkpoint? checkpoint)
    {
        if (configuration.Precision != TrainingPrecision.Automatic)
        {
            return configuration.Precision;
        }

        if (checkpoint is not null || configuration.Device.type == DeviceType.CPU)
        {
            return checkpoint?.State.Precision ?? TrainingPrecision.Float32;
        }

        var fastest = TrainingPrecision.Float32;
        ranks.Together(() => fastest = ranks.IsFirst ? Probe() : fastest);
        return Enum.Parse<TrainingPrecision>(ranks.FromFirst(fastest.ToString()));
    }

    private TrainingPrecision Probe()
    {
        // The thread that builds may be one that must not wait for itself.
        using var sample = Task.Run(async () => await configuration.Clips!.ReadAsync(new EpochRequest(configuration.Seed, 0, 1)).FirstAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
        using var scope = NewDisposeScope();
        return PrecisionProbe.Measure(configuration.Encoder!, sample.To(configuration.Device).select(1, 0)).Fastest;
    }

    private void Restore(Checkpoint checkpoint, IReadOnlyDictionary<string, string> settings)
    {
        var state = checkpoint.State;
        var differences = RunDescription.Differences(configuration, network.Precision, settings, state);
        if (differences.Count > 0)
        {
            throw new CheckpointException($"The checkpoint '{checkpoint.Folder}' is of another run. {string.Join("; ", differences)}. Use the same settings, or another folder.");
        }

        if (state.IsOlderFormat)
        {
            configuration.Logger.OlderFormat(checkpoint.Folder, state.FormatVersion, string.Join(", ", state.Settings.Keys));
        }

        if (configuration.TotalSteps != state.TotalSteps)
        {
            configuration.Logger.OtherLength(configuration.TotalSteps, state.TotalSteps);
        }

        foreach (var (name, now) in RunDescription.EnvironmentOf(configuration))
        {
            if (state.Environment.TryGetValue(name, out string? before) && !string.Equals(now, before, StringComparison.Ordinal))
            {
                configuration.Logger.OtherEnvironment(name, now, before);
            }
        }

        network.Restore(checkpoint);
        run.Restore(state);
        configuration.Logger.Resumed(checkpoint.Folder, state.Step);
    }
}
