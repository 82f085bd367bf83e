using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr;

/// <summary>Builds a <see cref="TclrTrainer"/> from clips, encoder, projection head, loss and optimizer.</summary>
/// <remarks>
/// The other packages add methods of their own. <see cref="Build"/> reports all mistakes together. After it has created the trainer,
/// changing the builder throws <see cref="InvalidOperationException"/>.
/// </remarks>
/// <example><code>
/// using var trainer = new TclrTrainerBuilder()
///     .FromVideos(index, ClipSamplers.Tclr(clipLength: 8), Augmentations.Demo(32))
///     .UseEncoder(VideoEncoders.SmallR3D)
///     .UseTclrHead(hidden: 64, embedding: 32)
///     .AddTclrLoss()
///     .WithBatchSize(16)
///     .ForSteps(160)
///     .CheckpointTo("run/checkpoints")
///     .Build();
/// var result = await trainer.TrainAsync(cancellationToken);
/// </code></example>
public sealed class TclrTrainerBuilder
{
    private TrainerConfiguration configuration;
    private bool built;

    /// <summary>Creates a builder with the default settings.</summary>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded; the message says why and what to do.</exception>
    public TclrTrainerBuilder()
    {
        TorchRuntime.Load();
        configuration = new TrainerConfiguration();
    }

    /// <summary>Sets the source of the batches.</summary>
    /// <param name="clips">The source; not disposed by the trainer.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseClips(IClipSource clips) => With(c => c with { Clips = clips });

    /// <summary>Sets the encoder.</summary>
    /// <param name="create">Creates the encoder, after the seed is set; the trainer disposes it.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseEncoder(Func<IVideoEncoder> create) => With(c => c with { Encoder = create });

    /// <summary>Sets the initial weights of the encoder in a new run. <c>UseWeights</c> of Tclr.Models loads them from a file.</summary>
    /// <param name="source">Identifies the weights, such as a hash of their file. Resuming with another source is refused.</param>
    /// <param name="initialize">Sets the weights. Called once, after the encoder is created; not called when a run resumes.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder InitializeEncoder(string source, Action<IVideoEncoder> initialize)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        ArgumentNullException.ThrowIfNull(initialize);
        return With(c => c with { InitialWeights = (source, initialize) });
    }

    /// <summary>Sets the projection head.</summary>
    /// <param name="create">Creates the head for the feature dimension of the encoder; the trainer disposes it.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseHead(Func<int, IProjectionHead> create) => With(c => c with { Head = create });

    /// <summary>Adds a projection head beside the main one. Losses find its embeddings in <see cref="TemporalEmbeddings.Heads"/>.</summary>
    /// <param name="name">Name of the head: lower-case letters, digits and underscores.</param>
    /// <param name="create">Creates the head for the feature dimension of the encoder; the trainer disposes it.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder AddHead(string name, Func<int, IProjectionHead> create)
    {
        ArgumentNullException.ThrowIfNull(name);
        return With(c => c with { FurtherHeads = [.. c.FurtherHeads, (name, create)] });
    }

    /// <summary>Sets the loss, replacing all losses set before.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="weight">Weight of the loss: finite, above 0. The default value is 1.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseLoss(ITemporalContrastiveLoss loss, double weight = 1) => With(c => c with { Losses = [(loss, weight)] });

    /// <summary>Adds a loss. The objective is the weighted sum of all losses.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="weight">Weight of the loss in the sum: finite, 0 or more. The default value is 1.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder AddLoss(ITemporalContrastiveLoss loss, double weight = 1) => With(c => c with { Losses = [.. c.Losses, (loss, weight)] });

    /// <summary>Sets the clips over which batch normalization computes its statistics; all views of all videos by default.</summary>
    /// <param name="scope">All views together, or each view by itself as in the TCLR authors' code.</param>
    /// <param name="videosPerPass">Number of videos in a forward pass; <see langword="null"/> for the whole batch.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithBatchNormScope(BatchNormScope scope, int? videosPerPass = null)
        => With(c => c with { BatchNormScope = scope, VideosPerPass = videosPerPass });

    /// <summary>Sets the forward passes of a step, which replace those of <see cref="WithBatchNormScope"/>.</summary>
    /// <param name="passes">The views of each pass, and the heads that see them.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithPasses(PassPlan passes)
    {
        ArgumentNullException.ThrowIfNull(passes);
        return With(c => c with { Passes = passes });
    }

    /// <summary>Adds a momentum encoder: an exponential moving average of encoder and heads. It encodes the passes with <see cref="ViewPass.Momentum"/>, and its weights are part of the checkpoints.</summary>
    /// <param name="options">The momentum; <see langword="null"/> for 0.999.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithMomentumEncoder(MomentumOptions? options = null) => With(c => c with { Momentum = options ?? new MomentumOptions() });

    /// <summary>Keeps the last batch of an epoch where it has fewer videos than the others; off by default.</summary>
    /// <param name="keep">Whether to keep it.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithLastBatch(bool keep = true) => With(c => c with { KeepLastBatch = keep });

    /// <summary>Enables gradient caching (Gao et al., 2021): the activations of one pass are held at a time, for about a third more computation.</summary>
    /// <remarks>
    /// The gradients equal those without caching. <see cref="WithBatchNormScope"/> defines the passes.
    /// A batch of 40 videos with ten views each needs the memory of one view of 40 videos.
    /// </remarks>
    /// <param name="memoryBudget">
    /// Bytes that the activations of a pass may use. If set, and <see cref="WithBatchNormScope"/> sets no number of videos, a pass holds as
    /// many videos as fit. Fewer videos in a pass are also fewer samples in the statistics of batch normalization.
    /// </param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithGradientCaching(long? memoryBudget = null) => With(c => c with { GradientCaching = true, MemoryBudget = memoryBudget });

    /// <summary>Refuses, before the first step, a configuration whose activations do not fit into the free memory; on by default.</summary>
    /// <remarks>
    /// The estimate comes from a forward pass of one clip; it is compared with the free memory of the machine and its control groups (containers).
    /// On a GPU nothing is checked, because TorchSharp does not expose its memory; libtorch's own error ends the run there.
    /// </remarks>
    /// <param name="enabled">Whether to check.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithMemoryCheck(bool enabled = true) => With(c => c with { MemoryCheck = enabled });

    /// <summary>Sets the precision of the encoder; <see cref="TrainingPrecision.Automatic"/> by default.</summary>
    /// <param name="precision">The precision. If it is automatic, a resumed run uses that of its checkpoint.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithPrecision(TrainingPrecision precision) => With(c => c with { Precision = precision });

    /// <summary>Stores the weights of the encoder's 3D convolutions channels last; on by default on CUDA devices, where it is faster (docs/benchmarks/gpu.md).</summary>
    /// <remarks>Values, names and checkpoints are the same; results differ by rounding. Turn it off for an encoder of your own that calls <c>view</c> on feature maps, which then are not contiguous.</remarks>
    /// <param name="enabled">Whether to do so.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithChannelsLast(bool enabled = true) => With(c => c with { ChannelsLast = enabled });

    /// <summary>Sets the optimizer; Adam with TCLR's settings by default.</summary>
    /// <param name="options">The optimizer and its settings, such as <see cref="SgdOptions"/>.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseOptimizer(OptimizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return With(c => c with { Optimizer = options });
    }

    /// <summary>Clips the global gradient norm; off by default.</summary>
    /// <param name="maxNorm">Largest norm, greater than 0.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithGradientClipping(double maxNorm) => With(c => c with { MaxGradientNorm = maxNorm });

    /// <summary>Averages the gradients of several batches before a step. Negatives come from the same batch only; for more negatives use <see cref="WithGradientCaching"/>.</summary>
    /// <param name="batches">Number of batches, 1 or more. The default value is 1.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithAccumulation(int batches) => With(c => c with { Accumulation = batches });

    /// <summary>Sets the policy for a loss or gradient that is not finite; stop by default.</summary>
    /// <param name="policy">Stop, skip the step, or roll back to the newest checkpoint and skip the step.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder OnNonFinite(NonFinitePolicy policy) => With(c => c with { NonFinite = policy });

    /// <summary>Sets after how many steps the metrics are copied from the device, those of all these steps in one copy.</summary>
    /// <remarks>
    /// Each copy waits for the device, which then has no work queued. Between two copies a step with a loss or gradient that is not finite
    /// changes the weights as if its gradient were 0: the device itself decides. The step is named when it is read. Metrics are also read
    /// before a checkpoint and at the end of an epoch. Weights and metrics do not depend on this setting.
    /// </remarks>
    /// <param name="steps">1 or more; 1 with <see cref="NonFinitePolicy.SkipStep"/>. The default value is 1 on a CPU and with that policy, otherwise 16.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder ReadMetricsEvery(int steps) => With(c => c with { ReadMetricsEvery = steps });

    /// <summary>Sets the thresholds of the alarms for collapse and plateau.</summary>
    /// <param name="options">The thresholds.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithAlarms(AlarmOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return With(c => c with { Alarms = options });
    }

    /// <summary>Sets the learning-rate schedule; constant by default.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseSchedule(ILearningRateSchedule schedule) => With(c => c with { Schedule = schedule });

    /// <summary>Sets the number of videos in a batch, 40 by default.</summary>
    /// <param name="batchSize">1 or more, at most the number of videos.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithBatchSize(int batchSize) => With(c => c with { BatchSize = batchSize });

    /// <summary>Trains for whole epochs.</summary>
    /// <param name="epochs">1 or more.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder ForEpochs(int epochs) => With(c => c with { Epochs = epochs, Steps = null });

    /// <summary>Trains for a number of optimization steps.</summary>
    /// <param name="steps">1 or more.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder ForSteps(long steps) => With(c => c with { Steps = steps, Epochs = null });

    /// <summary>Sets the seed of weights, order, clips and augmentation; 0 by default.</summary>
    /// <param name="seed">The seed.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithSeed(ulong seed) => With(c => c with { Seed = seed });

    /// <summary>Sets the device; the CPU by default.</summary>
    /// <param name="device">The device.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder OnDevice(Device device) => With(c => c with { Device = device });

    /// <summary>Trains on several processes, each of which computes a part of each batch.</summary>
    /// <remarks>
    /// <para>
    /// Every process builds a trainer with the same settings and its own collective, such as one of <c>Tclr.Distributed</c>. Gradients, loss,
    /// metrics and running statistics equal those of one process with the same batch size and as many videos in a pass
    /// (<see cref="WithBatchNormScope"/>), up to rounding. Without a number of videos in a pass, a pass holds the videos that a process has.
    /// </para>
    /// <para>
    /// The number of processes must divide <see cref="WithBatchSize"/>, and the videos of a pass the videos of a process. Process 0 writes checkpoints
    /// and metrics and receives the progress; to resume, all processes must see its folder. Canceling one process stops all after the step.
    /// An error on one process is logged and ends the whole job (<see cref="ICollective.Abort"/>).
    /// </para>
    /// </remarks>
    /// <param name="collective">The collective; not disposed by the trainer.</param>
    /// <param name="shareLossFrom">
    /// Number of videos in a batch from which on each process computes the loss of its own videos against all only; in smaller batches each
    /// computes the whole loss. 1 or more. The default value is 1,024.
    /// </param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder Across(ICollective collective, int shareLossFrom = 1024)
    {
        ArgumentNullException.ThrowIfNull(collective);
        return With(c => c with { Collective = collective, ShareLossFrom = shareLossFrom });
    }

    /// <summary>Sets the number of threads of an operator; the number of processors by default, and with <see cref="Across"/> the number that torch has. Another number rounds differently.</summary>
    /// <param name="threads">1 or more.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithThreads(int threads) => With(c => c with { ThreadCount = threads });

    /// <summary>Sets whether glibc's malloc keeps freed memory for reuse, in the whole process; on by default.</summary>
    /// <remarks>Steps on a CPU are faster, and the process stays at its peak memory. It has no effect with other C libraries; see <see cref="TorchRuntime.RetainFreedMemory"/>.</remarks>
    /// <param name="enabled">Whether freed memory is kept.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder RetainFreedMemory(bool enabled = true) => With(c => c with { RetainFreedMemory = enabled });

    /// <summary>Saves checkpoints at the end of each epoch, at the end of the run and when it is canceled.</summary>
    /// <remarks>
    /// Checkpoints of an earlier run that is not resumed are moved into the subfolder <c>earlier-N</c>. The folder is locked by the
    /// file <c>NAME.lock</c> beside it from <see cref="Build"/> until training ends or the trainer is disposed; another run in it is refused.
    /// </remarks>
    /// <param name="folder">The folder; created if needed.</param>
    /// <param name="everySteps">Number of steps after which a checkpoint is saved too; <see langword="null"/> for none.</param>
    /// <param name="keep">Number of newest checkpoints to keep, 1 or more. The one with the lowest mean loss of its epoch is kept too.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder CheckpointTo(string folder, int? everySteps = null, int keep = 2)
        => With(c => c with { Checkpoints = new CheckpointStore(folder, keep), CheckpointEvery = everySteps });

    /// <summary>Writes everything of a run to one folder: <c>checkpoints/</c>, <c>metrics.jsonl</c> and <c>tensorboard/</c>.</summary>
    /// <param name="folder">The folder; created if needed.</param>
    /// <param name="everySteps">As in <see cref="CheckpointTo"/>.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder SaveTo(string folder, int? everySteps = null)
        => CheckpointTo(Path.Combine(folder, Checkpoint.FolderOfRun), everySteps)
            .WriteMetricsTo(Path.Combine(folder, "metrics.jsonl"))
            .WriteTensorBoardTo(Path.Combine(folder, "tensorboard"));

    /// <summary>Resumes from the newest intact checkpoint in the folder of <see cref="CheckpointTo"/>, with bit-identical results; starts a new run if there is none.</summary>
    /// <remarks>
    /// The settings must equal those of the checkpoint. Device, threads, workers, logging, alarms, the policy for non-finite numbers and the
    /// path of the folder may differ, and the number of steps if the schedule does not depend on it.
    /// </remarks>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder Resume() => With(c => c with { Resume = true });

    /// <summary>Writes a JSON line for each step, with the names of <see cref="MetricNames"/>.</summary>
    /// <remarks>The file of an earlier run that is not resumed is renamed to <c>NAME.earlier-N.jsonl</c>.</remarks>
    /// <param name="file">The file; its folder is created if needed.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WriteMetricsTo(string file) => AddMetricsSink(new JsonLinesSink(file));

    /// <summary>Writes the metrics of each step for TensorBoard.</summary>
    /// <param name="folder">The folder for <c>tensorboard --logdir</c>; created if needed.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WriteTensorBoardTo(string folder) => AddMetricsSink(new TensorBoardSink(folder));

    /// <summary>Reports each step.</summary>
    /// <param name="progress">Receives the steps, on the training thread.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder ReportTo(IProgress<TrainingProgress> progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return AddMetricsSink(new ProgressSink(progress));
    }

    /// <summary>Adds a metrics sink.</summary>
    /// <param name="sink">The sink.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder AddMetricsSink(IMetricsSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return With(c => c with { Sinks = [.. c.Sinks, sink] });
    }

    /// <summary>Stores a description of the run in its checkpoints.</summary>
    /// <param name="recipe">JSON, such as that of a <c>TclrRecipe</c>.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder DescribeAs(JsonElement recipe) => With(c => c with { Recipe = recipe.Clone() });

    /// <summary>Sets the logger; none by default.</summary>
    /// <param name="logger">The logger.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder LogTo(ILogger logger) => With(c => c with { Logger = logger });

    /// <summary>Checks the settings and creates the trainer.</summary>
    /// <returns>The trainer; the caller disposes it.</returns>
    /// <exception cref="TclrConfigurationException">A setting is missing or out of range, or differs from that of another process; the message lists all of them.</exception>
    /// <exception cref="TrainingException">Another process cannot build its trainer; the message says which, and why.</exception>
    /// <exception cref="CheckpointException">A checkpoint to resume from does not fit, or another run writes to the folder.</exception>
    public TclrTrainer Build()
    {
        new Ranks(configuration.Collective).Together(() =>
        {
            var check = new OptionChecker();
            configuration.Check(check);
            if (check.Problems.ToArray() is { Length: > 0 } problems)
            {
                throw new TclrConfigurationException(problems);
            }
        });

        if (configuration.RetainFreedMemory)
        {
            TorchRuntime.RetainFreedMemory();
        }

        var trainer = new TclrTrainer(configuration);
        built = true;
        return trainer;
    }

    private TclrTrainerBuilder With(Func<TrainerConfiguration, TrainerConfiguration> change)
    {
        if (built)
        {
            throw new InvalidOperationException("the trainer was built; a new one needs a new builder");
        }

        configuration = change(configuration);
        return this;
    }
}
