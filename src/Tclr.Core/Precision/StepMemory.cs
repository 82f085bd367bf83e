namespace Tclr.Core;

/// <summary>Estimates the memory that a training step allocates.</summary>
/// <remarks>
/// A lower bound, so that no step that fits is refused: gradients, optimizer state and temporary buffers of operators are not
/// counted. Compared with measured peaks in docs/benchmarks/training.md.
/// </remarks>
/// <param name="PerClip">Bytes that a clip needs from its forward to its backward pass: its activations and the clip itself.</param>
/// <param name="Views">Views of a video.</param>
internal sealed record StepMemory(long PerClip, int Views)
{
    /// <summary>The passes, if they are not those of the batch-normalization scope.</summary>
    public PassPlan? Passes { get; init; }

    /// <summary>Bytes of a step whose passes are all held at once.</summary>
    public long Whole(int videos) => (long)videos * (Passes?.TrainedViews ?? Views) * PerClip;

    /// <summary>Bytes of a step that holds one pass at a time.</summary>
    public long Cached(int videosPerPass, BatchNormScope statistics) => videosPerPass * ViewsOfPass(statistics) * PerClip;

    /// <summary>Bytes of a step as it is configured.</summary>
    public long Of(TrainerConfiguration configuration, int? videosPerPass)
        => configuration.GradientCaching ? Cached(Math.Min(videosPerPass ?? configuration.OwnBatchSize, configuration.OwnBatchSize), configuration.BatchNormScope) : Whole(configuration.OwnBatchSize);

    /// <summary>Refuses a step that does not fit.</summary>
    /// <param name="configuration">The run.</param>
    /// <param name="videosPerPass">Videos in a pass; <see langword="null"/> for all of the batch.</param>
    /// <param name="free">The available memory.</param>
    /// <exception cref="TrainingException">The step does not fit; the message says what would.</exception>
    public void Check(TrainerConfiguration configuration, int? videosPerPass, FreeMemory free)
    {
        int batch = configuration.OwnBatchSize, pass = Math.Min(videosPerPass ?? batch, batch);
        var statistics = configuration.BatchNormScope;
        long needed = Of(configuration, videosPerPass);
        if (needed <= free.Bytes)
        {
            return;
        }

        var ways = new List<string>();
        long one = Cached(1, statistics);
        if (one <= free.Bytes)
        {
            // As the statistics are of a pass, as few passes as possible.
            long most = Math.Min(free.Bytes / one, batch);
            ways.Add(most == batch
                ? "WithGradientCaching(), which holds one pass at a time"
                : FormattableString.Invariant($"WithGradientCaching() with WithBatchNormScope({statistics}, videosPerPass: {Math.Max(1, most * 9 / 10)})"));
        }

        if (Passes is null && statistics == BatchNormScope.AllViews && Cached(batch, BatchNormScope.PerView) <= free.Bytes)
        {
            ways.Add(FormattableString.Invariant($"WithGradientCaching() with WithBatchNormScope(PerView) (about {Gigabytes(Cached(batch, BatchNormScope.PerView))})"));
        }

        if (!configuration.GradientCaching && free.Bytes / Whole(1) is > 0 and var largest)
        {
            ways.Add(FormattableString.Invariant($"WithBatchSize({largest * configuration.Collective.Size}) or less"));
        }

        string advice = ways.Count > 0 ? $"What fits: {string.Join("; ", ways)}." : "Not even one video fits: use shorter or smaller clips, or a smaller encoder.";
        string what = configuration.GradientCaching
            ? FormattableString.Invariant($"a pass of {pass} videos ({pass * ViewsOfPass(statistics)} clips)")
            : FormattableString.Invariant($"a step of {batch} videos ({batch * Views} clips)");
        throw new TrainingException(
            $"WithBatchSize: {what}{(configuration.Collective.Size > 1 ? " in each process" : string.Empty)} needs about {Gigabytes(needed)} for its activations, and {Gigabytes(free.Bytes)} {free.Limit} are free. The system would end the process. {advice} WithMemoryCheck(false) disables this check.");
    }

    private long ViewsOfPass(BatchNormScope statistics) => Passes?.LargestPass ?? (statistics == BatchNormScope.PerView ? 1 : Views);

    private static string Gigabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e9:0.0} GB");
}
