using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Everything that the builder sets and the trainer reads.</summary>
internal sealed record TrainerConfiguration
{
    private const int ReadTogetherOnGpu = 16;

    public IClipSource? Clips { get; init; }

    public Func<IVideoEncoder>? Encoder { get; init; }

    public (string Source, Action<IVideoEncoder> Initialize)? InitialWeights { get; init; }

    public Func<int, IProjectionHead>? Head { get; init; }

    /// <summary>Heads beside the main one, by name.</summary>
    public IReadOnlyList<(string Name, Func<int, IProjectionHead> Create)> FurtherHeads { get; init; } = [];

    public PassPlan? Passes { get; init; }

    public MomentumOptions? Momentum { get; init; }

    public bool KeepLastBatch { get; init; }

    public IReadOnlyList<(ITemporalContrastiveLoss Loss, double Weight)> Losses { get; init; } = [];

    public BatchNormScope BatchNormScope { get; init; } = BatchNormScope.AllViews;

    public int? VideosPerPass { get; init; }

    public bool GradientCaching { get; init; }

    public long? MemoryBudget { get; init; }

    public bool MemoryCheck { get; init; } = true;

    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    public ILearningRateSchedule Schedule { get; init; } = LearningRateSchedules.Constant;

    public double? MaxGradientNorm { get; init; }

    public int Accumulation { get; init; } = 1;

    public TrainingPrecision Precision { get; init; } = TrainingPrecision.Automatic;

    public NonFinitePolicy NonFinite { get; init; } = NonFinitePolicy.Stop;

    public int? ReadMetricsEvery { get; init; }

    public AlarmOptions Alarms { get; init; } = new();

    public int BatchSize { get; init; } = 40;

    public int? Epochs { get; init; }

    public long? Steps { get; init; }

    public ulong Seed { get; init; }

    public Device Device { get; init; } = CPU;

    /// <summary>Null for all processors, or in a job those that torch was given.</summary>
    public int? ThreadCount { get; init; }

    /// <summary>Threads of an operator. The processes of a machine share its processors, which is up to the collective.</summary>
    public int Threads => ThreadCount ?? (Collective.Size == 1 ? Environment.ProcessorCount : get_num_threads());

    public bool RetainFreedMemory { get; init; } = true;

    /// <summary>Null for the device's choice.</summary>
    public bool? ChannelsLast { get; init; }

    public CheckpointStore? Checkpoints { get; init; }

    public int? CheckpointEvery { get; init; }

    public bool Resume { get; init; }

    public IReadOnlyList<IMetricsSink> Sinks { get; init; } = [];

    public JsonElement? Recipe { get; init; }

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public ICollective Collective { get; init; } = ICollective.Local;

    /// <summary>Videos of a batch from which on each rank computes a share of the loss.</summary>
    public int ShareLossFrom { get; init; } = 1024;

    /// <summary>Whether this process writes checkpoints and metrics.</summary>
    public bool IsFirstRank => Collective.Rank == 0;

    /// <summary>Videos of a batch that this process computes.</summary>
    public int OwnBatchSize => BatchSize / Collective.Size;

    /// <summary>The only loss, or the sum of them.</summary>
    public ITemporalContrastiveLoss Loss => Losses is [(var loss, 1)] ? loss : new CombinedLoss(Losses);

    /// <summary>Number of steps whose metrics are read together. A step that may be skipped is read before its update.</summary>
    public int StepsReadTogether => ReadMetricsEvery ?? (Device.type == DeviceType.CPU || NonFinite == NonFinitePolicy.SkipStep ? 1 : ReadTogetherOnGpu);

    public int StepsPerEpoch => KeepLastBatch ? (Clips!.SampleCount + BatchSize - 1) / BatchSize : Clips!.SampleCount / BatchSize / Accumulation;

    /// <summary>Names of the heads, the main one first.</summary>
    public IReadOnlyList<string> HeadNames => [PassPlan.MainHead, .. FurtherHeads.Select(head => head.Name)];

    /// <summary>The passes, as set or by the scope of batch normalization.</summary>
    public PassPlan PlanFor(ViewLayout layout) => Passes ?? PassPlan.Of(layout, BatchNormScope);

    public long TotalSteps => Steps ?? ((long)Epochs!.Value * StepsPerEpoch);

    public void Check(OptionChecker check)
    {
        check.Require(Clips is not null, Clips, "a clip source: call UseClips(...) or FromVideos(...)");
        check.Require(Encoder is not null, Encoder, "an encoder: call UseEncoder(...) or one of Tclr.Models, such as UseEncoder(VideoEncoders.R3D18)");
        check.Require(Head is not null, Head, "a projection head: call UseHead(...) or UseTclrHead() of Tclr.Models");
        check.Require(Losses.Count > 0 && Losses.All(part => part.Loss is not null), null, "a loss: call UseLoss(...) or AddTclrLoss()", "Loss");
        check.Require(Losses.Count == 0 || Losses.Any(part => part.Weight != 0), 0, "at least one loss with a weight above 0", "AddLoss");
        foreach (var (_, weight) in Losses)
        {
            check.NotNegative(weight, "AddLoss: weight");
        }

        check.Require(Epochs is not null || Steps is not null, null, "a length: call ForEpochs(...) or ForSteps(...)", "Length");
        check.AtLeast(Epochs ?? 1, 1, "ForEpochs");
        check.AtLeast(Steps ?? 1, 1, "ForSteps");
        check.AtLeast(BatchSize, 1, "WithBatchSize");
        check.AtLeast(Accumulation, 1, "WithAccumulation");
        check.AtLeast(ThreadCount ?? 1, 1, "WithThreads");
        check.AtLeast(CheckpointEvery ?? 1, 1, "CheckpointTo: everySteps");
        check.AtLeast(ReadMetricsEvery ?? 1, 1, "ReadMetricsEvery");
        check.Require(ReadMetricsEvery is null or <= 1 || NonFinite != NonFinitePolicy.SkipStep, ReadMetricsEvery, "1 with OnNonFinite(SkipStep), which reads each step before its update", "ReadMetricsEvery");
        check.AtLeast(VideosPerPass ?? 1, 1, "WithBatchNormScope: videosPerPass");
        check.AtLeast(MemoryBudget ?? 1, 1, "WithGradientCaching: memoryBudget");
        if (BatchSize >= 1 && Accumulation >= 1 && Clips is not null)
        {
            check.Require(
                Clips.SampleCount >= (long)BatchSize * Accumulation,
                (long)BatchSize * Accumulation,
                $"at most {Clips.SampleCount} videos in a step, as many as there are",
                Accumulation == 1 ? "WithBatchSize" : "WithBatchSize times WithAccumulation");
        }

        check.Require(
            !GradientCaching || VideosPerPass is not null || MemoryBudget is not null || BatchNormScope != BatchNormScope.AllViews || Passes?.Passes.Count > 1,
            BatchNormScope,
            "a memory budget, or WithBatchNormScope(PerView) or with videosPerPass: one pass of all views of all videos saves nothing",
            "WithGradientCaching");
        check.Positive(MaxGradientNorm ?? 1, "WithGradientClipping");
        check.Require(Enum.IsDefined(Precision), Precision, "one of the named values", "WithPrecision");
        check.Require(Enum.IsDefined(NonFinite), NonFinite, "one of the named values", "OnNonFinite");
        check.Require(Enum.IsDefined(BatchNormScope), BatchNormScope, "one of the named values", "WithBatchNormScope");
        check.Require(!Resume || Checkpoints is not null, null, "CheckpointTo(folder), which says where the checkpoints are", "Resume");
        check.Require(NonFinite != NonFinitePolicy.RollBack || Checkpoints is not null, null, "CheckpointTo(folder), which says where the checkpoints are", "OnNonFinite(RollBack)");
        foreach (string output in Sinks.Select(sink => sink.Output).OfType<string>().GroupBy(Path.GetFullPath, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            check.Require(holds: false, output, "one metrics sink for each file or folder", "AddMetricsSink");
        }

        check.Require(!KeepLastBatch || Accumulation == 1, Accumulation, "1: the last batch would weigh more than its videos", "WithLastBatch with WithAccumulation");
        check.Require(
            !KeepLastBatch || BatchSize <= 1 || Clips is null || Clips.SampleCount % BatchSize != 1,
            1,
            FormattableString.Invariant($"two videos or more in the last batch of an epoch of {Clips?.SampleCount}: choose another batch size"),
            "WithLastBatch");
        CheckRanks(check);
        CheckHeads(check);
        Momentum?.Check(check);
        Optimizer.Check(check);
        Alarms.Check(check);
    }

    private void CheckRanks(OptionChecker check)
    {
        check.AtLeast(ShareLossFrom, 1, "Across: shareLossFrom");
        int size = Collective.Size;
        if (size == 1 || BatchSize < 1)
        {
            return;
        }

        if (BatchSize % size != 0)
        {
            check.Require(holds: false, BatchSize, FormattableString.Invariant($"a batch size that the {size} processes divide, such as {(BatchSize + size - 1) / size * size}"), "WithBatchSize with Across");
            return;
        }

        CheckPasses(OwnBatchSize, string.Empty);
        int last = KeepLastBatch && Clips is not null ? Clips.SampleCount % BatchSize : 0;
        if (last > 0)
        {
            check.Require(last % size == 0 && (last > size || OwnBatchSize == 1), last, FormattableString.Invariant($"a last batch that gives each of the {size} processes the same number of videos, two or more: choose another batch size, or leave WithLastBatch out"), "WithLastBatch with Across");
            if (last % size == 0)
            {
                CheckPasses(last / size, " in the last batch of an epoch");
            }
        }

        void CheckPasses(int own, string where) => check.Require(
            VideosPerPass is not { } videos || videos < 1 || own % videos == 0,
            VideosPerPass,
            FormattableString.Invariant($"a number that divides the {own} videos that each of the {size} processes has{where}"),
            "WithBatchNormScope: videosPerPass with Across");
    }

    private void CheckHeads(OptionChecker check)
    {
        foreach (var (name, create) in FurtherHeads)
        {
            bool plain = name.Length > 0 && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_');
            check.Require(plain, name, "a name of lower-case letters, digits and underscores", "AddHead");
            check.Require(create is not null, null, "a function that creates the head", "AddHead");
        }

        foreach (string twice in HeadNames.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            check.Require(holds: false, twice, $"each name once; '{PassPlan.MainHead}' is the head of UseHead", "AddHead");
        }

        if (Clips is null)
        {
            return;
        }

        var plan = PlanFor(Clips.Layout);
        plan.Check(check, Clips.Layout, HeadNames, Momentum is not null);
        var setup = new TrainingSetup(BatchSize, Clips.Layout, plan, HeadNames);
        foreach (var (loss, _) in Losses.Where(part => part.Loss is not null))
        {
            foreach (string mistake in loss.FindMistakes(setup))
            {
                check.Add($"{loss.GetType().Name}: expected {mistake}");
            }
        }
    }
}
