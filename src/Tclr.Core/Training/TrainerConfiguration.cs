using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>What the builder gathers and the trainer runs on.</summary>
internal sealed record TrainerConfiguration
{
    public IClipSource? Clips { get; init; }

    public Func<IVideoEncoder>? Encoder { get; init; }

    public EncoderStart? Start { get; init; }

    public Func<int, IProjectionHead>? Head { get; init; }

    public IReadOnlyList<(ITemporalContrastiveLoss Loss, double Weight)> Losses { get; init; } = [];

    public BatchStatistics Statistics { get; init; } = BatchStatistics.AllViews;

    public int? VideosPerPass { get; init; }

    public bool GradientCaching { get; init; }

    public long? MemoryBudget { get; init; }

    public bool MemoryCheck { get; init; } = true;

    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    public ILearningRateSchedule Schedule { get; init; } = LearningRateSchedules.Constant;

    public double? LongestGradient { get; init; }

    public int Accumulation { get; init; } = 1;

    public TrainingPrecision Precision { get; init; } = TrainingPrecision.Automatic;

    public NonFinitePolicy NonFinite { get; init; } = NonFinitePolicy.Stop;

    public AlarmOptions Alarms { get; init; } = new();

    public int BatchSize { get; init; } = 40;

    public int? Epochs { get; init; }

    public long? Steps { get; init; }

    public ulong Seed { get; init; }

    public Device Device { get; init; } = CPU;

    public int Threads { get; init; } = Environment.ProcessorCount;

    public bool RetainFreedMemory { get; init; } = true;

    public CheckpointStore? Checkpoints { get; init; }

    public int? CheckpointEvery { get; init; }

    public bool Resume { get; init; }

    public string? MetricsFile { get; init; }

    public string? TensorBoardFolder { get; init; }

    public JsonElement? Recipe { get; init; }

    public IProgress<TrainingProgress>? Progress { get; init; }

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The only loss, or the sum of them.</summary>
    public ITemporalContrastiveLoss Loss => Losses is [(var loss, 1)] ? loss : new CombinedLoss(Losses);

    public int StepsPerEpoch => Clips!.SampleCount / BatchSize / Accumulation;

    public long TotalSteps => Steps ?? ((long)Epochs!.Value * StepsPerEpoch);

    public RunSettings Settings(TrainingPrecision precision) => new(
        Seed, Clips!.SampleCount, BatchSize, Accumulation, TotalSteps, Optimizer.GetType().Name, Statistics, VideosPerPass, precision);

    public IEnumerable<string> Problems()
    {
        if (Clips is null)
        {
            yield return "no clips: call UseClips(...) or FromVideos(...)";
        }

        if (Encoder is null)
        {
            yield return "no encoder: call UseEncoder(...) such as UseEncoder(VideoEncoders.R3D18) of Tclr.Models";
        }

        if (Head is null)
        {
            yield return "no projection head: call UseHead(...) or UseTclrHead() of Tclr.Models";
        }

        if (Losses.Count == 0 || Losses.Any(part => part.Loss is null))
        {
            yield return "no loss: call UseLoss(...) or AddTclrLoss() of Tclr.Losses";
        }
        else if (Losses.All(part => part.Weight == 0))
        {
            yield return "AddLoss: expected at least one loss with a weight above 0";
        }

        foreach (double weight in Losses.Select(part => part.Weight).Where(weight => !double.IsFinite(weight) || weight < 0))
        {
            yield return FormattableString.Invariant($"AddLoss: expected a weight that is finite, 0 or more, got {weight}");
        }

        if (Epochs is null && Steps is null)
        {
            yield return "no length: call ForEpochs(...) or ForSteps(...)";
        }

        foreach (var (verb, value) in AtLeastOne().Where(entry => entry.Value < 1))
        {
            yield return FormattableString.Invariant($"{verb}: expected 1 or more, got {value}");
        }

        if (BatchSize >= 1 && Accumulation >= 1 && Clips is not null && Clips.SampleCount < (long)BatchSize * Accumulation)
        {
            yield return Accumulation == 1
                ? $"WithBatchSize: a batch of {BatchSize} needs as many videos, there are {Clips.SampleCount}; choose a smaller batch"
                : $"WithAccumulation: a step of {Accumulation} batches of {BatchSize} needs {(long)BatchSize * Accumulation} videos, there are {Clips.SampleCount}; choose smaller numbers";
        }

        if (GradientCaching && VideosPerPass is null && MemoryBudget is null && Statistics == BatchStatistics.AllViews)
        {
            yield return "WithGradientCaching: all views of all videos go through in one pass, which saves nothing; give a memory budget, or say WithBatchStatistics(PerView) or how many videos a pass takes";
        }

        if (LongestGradient is { } longest && (!(longest > 0) || double.IsInfinity(longest)))
        {
            yield return FormattableString.Invariant($"WithGradientClipping: expected a number greater than 0, got {longest}");
        }

        if (!Enum.IsDefined(Precision) || !Enum.IsDefined(NonFinite) || !Enum.IsDefined(Statistics))
        {
            yield return $"WithPrecision, OnNonFinite, WithBatchStatistics: expected one of the named values, got {Precision}, {NonFinite} and {Statistics}";
        }

        if (Resume && Checkpoints is null)
        {
            yield return "Resume: call CheckpointTo(folder) to say where the checkpoints are";
        }

        if (NonFinite == NonFinitePolicy.RollBack && Checkpoints is null)
        {
            yield return "OnNonFinite(RollBack): call CheckpointTo(folder) to say where the checkpoints are";
        }

        var check = new OptionChecker();
        Optimizer.Check(check);
        foreach (string problem in check.Problems.Concat(Alarms.Problems()))
        {
            yield return problem;
        }
    }

    private IEnumerable<(string Verb, long? Value)> AtLeastOne() =>
    [
        ("ForEpochs", Epochs),
        ("ForSteps", Steps),
        ("WithBatchSize", BatchSize),
        ("WithAccumulation", Accumulation),
        ("WithThreads", Threads),
        ("CheckpointTo: everySteps", CheckpointEvery),
        ("WithBatchStatistics: videosPerPass", VideosPerPass),
        ("WithGradientCaching: memoryBudget", MemoryBudget),
    ];
}
