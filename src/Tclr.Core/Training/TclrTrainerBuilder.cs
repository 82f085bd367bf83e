using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr;

/// <summary>Wires clips, encoder, head, loss and optimizer into a trainer.</summary>
/// <remarks>
/// The other packages add their own verbs. <see cref="Build"/> reports every mistake at once; once it has made the trainer, the builder
/// is frozen, and changing it throws <see cref="InvalidOperationException"/>.
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

    /// <summary>Starts with the defaults.</summary>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded; the message says why and what to do.</exception>
    public TclrTrainerBuilder()
    {
        TorchRuntime.Load();
        configuration = new TrainerConfiguration();
    }

    /// <summary>Sets where the batches come from.</summary>
    /// <param name="clips">The source; the caller keeps owning it.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseClips(IClipSource clips) => With(c => c with { Clips = clips });

    /// <summary>Sets the encoder.</summary>
    /// <param name="create">Makes it, after the seed was set; the trainer owns it.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseEncoder(Func<IVideoEncoder> create) => With(c => c with { Encoder = create });

    /// <summary>Sets what gives the encoder of a new run its first weights, such as those of another run; <c>UseWeights</c> of Tclr.Models loads a file.</summary>
    /// <param name="source">What the weights are, such as a hash of their file. A resumed run with another source is refused.</param>
    /// <param name="initialize">Sets the weights. Called once, after the encoder is made; not called where a checkpoint is resumed.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder InitializeEncoder(string source, Action<IVideoEncoder> initialize)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        ArgumentNullException.ThrowIfNull(initialize);
        return With(c => c with { InitialWeights = (source, initialize) });
    }

    /// <summary>Sets the projection head.</summary>
    /// <param name="create">Makes it for the encoder's feature dimension; the trainer owns it.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseHead(Func<int, IProjectionHead> create) => With(c => c with { Head = create });

    /// <summary>Sets the loss, in place of those that are there.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="weight">What it weighs: finite, above 0; 1 by default.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseLoss(ITemporalContrastiveLoss loss, double weight = 1) => With(c => c with { Losses = [(loss, weight)] });

    /// <summary>Adds a loss to those that are there.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="weight">What it weighs in the sum: finite, 0 or more; 1 by default.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder AddLoss(ITemporalContrastiveLoss loss, double weight = 1) => With(c => c with { Losses = [.. c.Losses, (loss, weight)] });

    /// <summary>Sets over which clips batch normalization takes its statistics; over all views of all videos by default.</summary>
    /// <param name="scope">All views together, or each view alone as the authors' code of TCLR does.</param>
    /// <param name="videosPerPass">How many videos go through the encoder together, or <see langword="null"/> for all of the batch.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithBatchNormScope(BatchNormScope scope, int? videosPerPass = null)
        => With(c => c with { BatchNormScope = scope, VideosPerPass = videosPerPass });

    /// <summary>Holds the activations of one pass at a time instead of the whole batch's, for a third more computation (Gao et al., 2021).</summary>
    /// <remarks>
    /// The gradients are those of the step without it: <see cref="WithBatchNormScope"/> says what a pass is, with or without caching.
    /// B = 40 of TCLR's ten views fits where one view of 40 videos does.
    /// </remarks>
    /// <param name="memoryBudget">
    /// Bytes that the activations of a pass may take. If given, and <see cref="WithBatchNormScope"/> names no number of videos, as
    /// many videos go through together as fit: fewer in a pass are also fewer in a statistic of batch normalization.
    /// </param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithGradientCaching(long? memoryBudget = null) => With(c => c with { GradientCaching = true, MemoryBudget = memoryBudget });

    /// <summary>Sets whether a step whose activations do not fit into the free memory is refused before the first step; on by default.</summary>
    /// <remarks>
    /// The need is estimated from one clip through the encoder, and compared with what the machine and its control groups (containers) leave, on a CPU.
    /// On a GPU nothing is checked: TorchSharp does not tell its memory, and libtorch's own error ends the run there.
    /// </remarks>
    /// <param name="enabled">Whether to.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithMemoryCheck(bool enabled = true) => With(c => c with { MemoryCheck = enabled });

    /// <summary>Sets in which precision the encoder computes; <see cref="TrainingPrecision.Automatic"/> by default.</summary>
    /// <param name="precision">The precision. A resumed run goes on in that of its checkpoint, if it is chosen automatically.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithPrecision(TrainingPrecision precision) => With(c => c with { Precision = precision });

    /// <summary>Sets the optimizer; Adam with TCLR's settings by default.</summary>
    /// <param name="options">Its settings, such as <see cref="SgdOptions"/>.</param>
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

    /// <summary>Averages the gradients of several batches before a step; 1 by default. Contrast stays within a batch: for more negatives, see <see cref="WithGradientCaching"/>.</summary>
    /// <param name="batches">1 or more.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithAccumulation(int batches) => With(c => c with { Accumulation = batches });

    /// <summary>Sets what to do when a loss or a gradient is not finite; stop by default.</summary>
    /// <param name="policy">Stop, skip the step, or roll back to the newest checkpoint and leave the step out.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder OnNonFinite(NonFinitePolicy policy) => With(c => c with { NonFinite = policy });

    /// <summary>Sets when a run is said to go wrong.</summary>
    /// <param name="options">The bounds.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithAlarms(AlarmOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return With(c => c with { Alarms = options });
    }

    /// <summary>Sets how the learning rate changes; constant by default.</summary>
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

    /// <summary>Sets where to compute; the processor by default.</summary>
    /// <param name="device">The device.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder OnDevice(Device device) => With(c => c with { Device = device });

    /// <summary>Sets the number of threads of an operator; as many as processors by default. Another number changes rounding.</summary>
    /// <param name="threads">1 or more.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithThreads(int threads) => With(c => c with { Threads = threads });

    /// <summary>Sets whether glibc's malloc keeps freed memory for reuse, in the whole process; on by default.</summary>
    /// <remarks>It shortens a step on a CPU and keeps the process at its peak of memory. It does nothing with other C libraries: see <see cref="TorchRuntime.RetainFreedMemory"/>.</remarks>
    /// <param name="enabled">Whether to.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder RetainFreedMemory(bool enabled = true) => With(c => c with { RetainFreedMemory = enabled });

    /// <summary>Saves checkpoints at the end of each epoch, at the end of the run and when it is canceled.</summary>
    /// <remarks>
    /// Checkpoints of an earlier run that is not resumed are moved into a sub-folder <c>earlier-N</c>. The folder is locked, by a
    /// file <c>NAME.lock</c> beside it, from <see cref="Build"/> until training ends or the trainer is disposed: another run there is refused.
    /// </remarks>
    /// <param name="folder">The folder; made if need be.</param>
    /// <param name="everySteps">Also after so many steps, or <see langword="null"/>.</param>
    /// <param name="keep">How many of the newest to keep, 1 or more; the one with the lowest mean loss of its epoch is kept besides.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder CheckpointTo(string folder, int? everySteps = null, int keep = 2)
        => With(c => c with { Checkpoints = new CheckpointStore(folder, keep), CheckpointEvery = everySteps });

    /// <summary>Keeps all of a run in one folder: <c>checkpoints/</c>, <c>metrics.jsonl</c> and <c>tensorboard/</c>.</summary>
    /// <param name="folder">The folder; made if need be.</param>
    /// <param name="everySteps">As in <see cref="CheckpointTo"/>.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder SaveTo(string folder, int? everySteps = null)
        => CheckpointTo(Path.Combine(folder, "checkpoints"), everySteps)
            .WriteMetricsTo(Path.Combine(folder, "metrics.jsonl"))
            .WriteTensorBoardTo(Path.Combine(folder, "tensorboard"));

    /// <summary>Goes on from the newest whole checkpoint in the folder of <see cref="CheckpointTo"/>, bit for bit; from the start if there is none.</summary>
    /// <remarks>
    /// The settings must be those of the checkpoint. Device, threads, workers, logging, alarms, the policy for non-finite numbers and the
    /// folder's place may differ, and the number of steps where the schedule does not depend on it.
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

    /// <summary>Adds a receiver of the metrics, beside those that are there.</summary>
    /// <param name="sink">The sink.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder AddMetricsSink(IMetricsSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return With(c => c with { Sinks = [.. c.Sinks, sink] });
    }

    /// <summary>Puts a description of the run into its checkpoints, so that they can be used without the code that made them.</summary>
    /// <param name="recipe">JSON, such as that of a <c>TclrRecipe</c>.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder DescribeAs(JsonElement recipe) => With(c => c with { Recipe = recipe.Clone() });

    /// <summary>Logs what happens.</summary>
    /// <param name="logger">The logger.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder LogTo(ILogger logger) => With(c => c with { Logger = logger });

    /// <summary>Checks everything and makes the trainer.</summary>
    /// <returns>The trainer; the caller owns it.</returns>
    /// <exception cref="TclrConfigurationException">Something is missing or wrong; the message lists all of it.</exception>
    /// <exception cref="CheckpointException">A checkpoint to resume from does not fit, or another run writes to the folder.</exception>
    public TclrTrainer Build()
    {
        var check = new OptionChecker();
        configuration.Check(check);
        if (check.Problems.ToArray() is { Length: > 0 } problems)
        {
            throw new TclrConfigurationException(problems);
        }

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
