using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Wires clips, encoder, head, loss and optimiser into a trainer.</summary>
/// <remarks>
/// The other packages add their own verbs. <see cref="Build"/> reports every mistake at once; after it the builder is
/// frozen, and changing it throws <see cref="InvalidOperationException"/>.
/// </remarks>
/// <example><code>
/// using var trainer = new TclrTrainerBuilder()
///     .FromVideos(index, ClipSamplers.Tclr(clipLength: 8), Augmentations.Demo(32))
///     .UseSmallR3D()
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
    private TrainerConfiguration configuration = new();
    private bool built;

    /// <summary>Sets where the batches come from.</summary>
    /// <param name="clips">The source; the caller keeps owning it.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseClips(IClipSource clips) => With(c => c with { Clips = clips });

    /// <summary>Sets the encoder.</summary>
    /// <param name="create">Makes it, after the seed was set; the trainer owns it.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseEncoder(Func<IVideoEncoder> create) => With(c => c with { Encoder = create });

    /// <summary>Sets the projection head.</summary>
    /// <param name="create">Makes it for the encoder's feature dimension; the trainer owns it.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseHead(Func<int, IProjectionHead> create) => With(c => c with { Head = create });

    /// <summary>Sets the loss, in place of those that are there.</summary>
    /// <param name="loss">The loss.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseLoss(ITemporalContrastiveLoss loss) => With(c => c with { Losses = [(loss, 1)] });

    /// <summary>Adds a loss to those that are there.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="weight">What it weighs in the sum: finite, 0 or more; 1 by default.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder AddLoss(ITemporalContrastiveLoss loss, double weight = 1) => With(c => c with { Losses = [.. c.Losses, (loss, weight)] });

    /// <summary>Sets over which clips batch normalisation takes its statistics; over all views by default.</summary>
    /// <param name="statistics">All views together, or each view alone as the authors' code of TCLR does.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WithBatchStatistics(BatchStatistics statistics) => With(c => c with { Statistics = statistics });

    /// <summary>Sets the optimiser's settings.</summary>
    /// <param name="options">Settings of Adam.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder UseAdam(AdamOptions options) => With(c => c with { Adam = options });

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

    /// <summary>Trains for a number of optimisation steps.</summary>
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

    /// <summary>Saves checkpoints at the end of each epoch, at the end of the run and when it is cancelled.</summary>
    /// <remarks>Checkpoints of an earlier run that is not resumed are moved into a sub-folder <c>earlier-N</c>.</remarks>
    /// <param name="folder">The folder; made if need be.</param>
    /// <param name="everySteps">Also after so many steps, or <see langword="null"/>.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder CheckpointTo(string folder, int? everySteps = null)
        => With(c => c with { Checkpoints = new CheckpointStore(folder), CheckpointEvery = everySteps });

    /// <summary>Goes on from the newest checkpoint in the folder of <see cref="CheckpointTo"/>, if there is one.</summary>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder Resume() => With(c => c with { Resume = true });

    /// <summary>Writes a JSON line for each step.</summary>
    /// <remarks>The file of an earlier run that is not resumed is kept as <c>NAME.earlier-N.jsonl</c>.</remarks>
    /// <param name="file">The file; its folder is made if need be.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder WriteMetricsTo(string file) => With(c => c with { MetricsFile = file });

    /// <summary>Reports each step.</summary>
    /// <param name="progress">Who wants to know. Called on the training thread; keep it short.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder ReportTo(IProgress<TrainingProgress> progress) => With(c => c with { Progress = progress });

    /// <summary>Logs what happens.</summary>
    /// <param name="logger">The logger.</param>
    /// <returns>This builder.</returns>
    public TclrTrainerBuilder LogTo(ILogger logger) => With(c => c with { Logger = logger });

    /// <summary>Checks everything and makes the trainer.</summary>
    /// <returns>The trainer; the caller owns it.</returns>
    /// <exception cref="TclrConfigurationException">Something is missing or wrong; the message lists all of it.</exception>
    /// <exception cref="CheckpointException">A checkpoint to resume from does not fit.</exception>
    public TclrTrainer Build()
    {
        string[] problems = [.. configuration.Problems()];
        if (problems.Length > 0)
        {
            throw new TclrConfigurationException(problems);
        }

        built = true;
        return new TclrTrainer(configuration);
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
