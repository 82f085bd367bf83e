using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>What the builder gathers and the trainer runs on.</summary>
internal sealed record TrainerConfiguration
{
    public IClipSource? Clips { get; init; }

    public Func<IVideoEncoder>? Encoder { get; init; }

    public Func<int, IProjectionHead>? Head { get; init; }

    public IReadOnlyList<(ITemporalContrastiveLoss Loss, double Weight)> Losses { get; init; } = [];

    public BatchStatistics Statistics { get; init; } = BatchStatistics.AllViews;

    public AdamOptions Adam { get; init; } = new();

    public ILearningRateSchedule Schedule { get; init; } = LearningRateSchedules.Constant;

    public int BatchSize { get; init; } = 40;

    public int? Epochs { get; init; }

    public long? Steps { get; init; }

    public ulong Seed { get; init; }

    public Device Device { get; init; } = CPU;

    public int Threads { get; init; } = Environment.ProcessorCount;

    public CheckpointStore? Checkpoints { get; init; }

    public int? CheckpointEvery { get; init; }

    public bool Resume { get; init; }

    public string? MetricsFile { get; init; }

    public IProgress<TrainingProgress>? Progress { get; init; }

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The only loss, or the sum of them.</summary>
    public ITemporalContrastiveLoss Loss => Losses is [(var loss, 1)] ? loss : new CombinedLoss(Losses);

    public int StepsPerEpoch => Clips!.SampleCount / BatchSize;

    public long TotalSteps => Steps ?? ((long)Epochs!.Value * StepsPerEpoch);

    public IEnumerable<string> Problems()
    {
        if (Clips is null)
        {
            yield return "no clips: call UseClips(...) or FromVideos(...)";
        }

        if (Encoder is null)
        {
            yield return "no encoder: call UseEncoder(...) or a verb of Tclr.Models such as UseSmallR3D()";
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

        if (Epochs is < 1 || Steps is < 1)
        {
            yield return $"ForEpochs/ForSteps: expected 1 or more, got {Epochs ?? Steps}";
        }

        if (BatchSize < 1)
        {
            yield return $"WithBatchSize: expected 1 or more, got {BatchSize}";
        }
        else if (Clips is not null && Clips.SampleCount < BatchSize)
        {
            yield return $"WithBatchSize: a batch of {BatchSize} needs as many videos, there are {Clips.SampleCount}; choose a smaller batch";
        }

        if (Threads < 1)
        {
            yield return $"WithThreads: expected 1 or more, got {Threads}";
        }

        if (CheckpointEvery is < 1)
        {
            yield return $"CheckpointTo: expected everySteps of 1 or more, got {CheckpointEvery}";
        }

        if (Resume && Checkpoints is null)
        {
            yield return "Resume: call CheckpointTo(folder) to say where the checkpoints are";
        }

        foreach (string problem in Adam.Problems())
        {
            yield return problem;
        }
    }
}
