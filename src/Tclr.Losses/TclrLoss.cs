using Tclr.Core;
using Tclr.Losses.Kernels;
using Tclr.Losses.Kernels.Batched;
using Tclr.Losses.Kernels.Fused;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The loss of TCLR: an instance contrastive loss, and temporal contrastive losses between local clips and between global and local clips.</summary>
/// <remarks>
/// <para>
/// For <c>V</c> augmented views of <c>B</c> videos with <c>T</c> local clips each, the total in the convention of the
/// authors' code (<see cref="TclrLossConvention.Reference"/>) is the weighted sum of
/// </para>
/// <list type="bullet">
/// <item><description><c>ic2</c>: NT-Xent between the global clips, mean over the pairs of views (one pair for
/// <c>V = 2</c>).</description></item>
/// <item><description><c>ic1</c>: NT-Xent between local clips, summed over all ordered pairs of the <c>V T</c> clips of a
/// video and divided by <c>T</c>. That is <c>V (V T - 1)</c> times the mean over the pairs: each of the
/// <c>V T (V T - 1)</c> ordered pairs has the value of its unordered one. 14 times for <c>V = 2, T = 4</c>.</description></item>
/// <item><description><c>local_local</c>: <see cref="Functional.LocalLocal"/> summed over the videos: its weight grows
/// with the batch. For more than two views, the mean over their pairs.</description></item>
/// <item><description><c>global_local</c>: <see cref="Functional.GlobalLocal"/>, summed over the <c>V x V</c>
/// combinations of a global view and a view of the local clips.</description></item>
/// </list>
/// <para>
/// In the convention of the printed equations (<see cref="TclrLossConvention.Paper"/>) it is the weighted sum of three
/// means over the videos: <c>ic</c> (equation 1, anchors in the first view; see <see cref="TclrLossOptions.InstancePairs"/>), <c>local_local</c>
/// (equation 2, summed over the <c>T</c> anchors of the first view) and <c>global_local</c> (equations 3 and 4, row and
/// column terms of the first views). At equal means per anchor the reference weighs them 15 : B/4 : 2 relative to the
/// paper, for two views of four clips.
/// </para>
/// <para>
/// The instance loss alone is the baseline of the paper's ablation; <see cref="TclrLossOptions"/> enables and weighs each term.
/// Source: Dave, Gupta, Rizve and Shah, "TCLR: Temporal contrastive learning for video representation" (2022),
/// equations 1 to 5.
/// </para>
/// </remarks>
/// <example><code>
/// ITemporalContrastiveLoss loss = new TclrLoss(new TclrLossOptions { GlobalLocal = false });
/// using var result = loss.Compute(embeddings);
/// result.Total.backward();
/// </code></example>
public sealed class TclrLoss : ITemporalContrastiveLoss, IDisposable
{
    private readonly BatchedTclr batched;

    /// <summary>Creates the loss.</summary>
    /// <param name="options">Terms, weights and temperatures; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or no term is enabled. The message lists all mistakes.</exception>
    public TclrLoss(TclrLossOptions? options = null)
    {
        options ??= new TclrLossOptions();
        OptionChecker.ThrowIfInvalid(options.Check, nameof(options));
        Options = options;
        batched = new BatchedTclr(options);
    }

    /// <summary>The options the loss was created with.</summary>
    public TclrLossOptions Options { get; }

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var global = embeddings.GlobalPooled;
        var locals = LossTerms.Required(embeddings.LocalPooled, nameof(TclrLoss), nameof(TemporalEmbeddings.LocalPooled));
        CheckShapes(global, locals, embeddings.GlobalSlices);

        using var scope = NewDisposeScope();
        bool fused = Options.InstancePairs == TclrInstancePairs.SameFrames && KernelChoice.IsFused(Options.Kernel, locals, nn.Reduction.Sum, nameof(TclrLoss));
        var (total, terms) = fused ? FusedTclr.Compute(embeddings, Options) : batched.Compute(embeddings);
        return LossTerms.Result(total, terms);
    }

    /// <inheritdoc/>
    /// <remarks>The instance terms are computed by operators of torch, whatever the kernel.</remarks>
    public LossResult ComputeShare(TemporalEmbeddings embeddings, int share, int shares)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var locals = LossTerms.Required(embeddings.LocalPooled, nameof(TclrLoss), nameof(TemporalEmbeddings.LocalPooled));
        CheckShapes(embeddings.GlobalPooled, locals, embeddings.GlobalSlices);

        using var scope = NewDisposeScope();
        var own = new LossShare(share, shares);
        var terms = Options.Instance ? InstanceShare(own, embeddings.GlobalPooled, locals) : [];
        if (Options.LocalLocal)
        {
            // In the reference a sum over the videos, else a mean.
            terms.Add((LossTerms.LocalLocal, Temporal(Options with { Instance = false, GlobalLocal = false, LocalLocalWeight = 1 }, Options.Convention == TclrLossConvention.Reference ? 1 : shares), Options.LocalLocalWeight));
        }

        if (Options.GlobalLocal)
        {
            terms.Add((LossTerms.GlobalLocal, Temporal(Options with { Instance = false, LocalLocal = false, GlobalLocalWeight = 1 }, shares), Options.GlobalLocalWeight));
        }

        return LossTerms.Result(terms.Select(term => term.Value * term.Weight).Aggregate((sum, next) => sum + next), terms.Select(term => (term.Name, term.Value)));

        Tensor Temporal(TclrLossOptions options, double divisor)
        {
            using var part = new TclrLoss(options);
            return part.Compute(own.Own(embeddings)).Total / divisor;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FindMistakes(TrainingSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return Options.LocalLocal || Options.GlobalLocal ? LossTerms.NeedsLocalClips(setup) : LossTerms.NeedsTwoViews(setup);
    }

    /// <summary>Releases the index tables that <see cref="LossKernel.Batched"/> keeps.</summary>
    public void Dispose() => batched.Dispose();

    private List<(string Name, Tensor Value, double Weight)> InstanceShare(LossShare own, Tensor global, Tensor locals)
    {
        double temperature = Options.InstanceTemperature;
        long v = locals.shape[0], b = locals.shape[1], t = locals.shape[2];
        var clips = locals.transpose(1, 2).flatten(0, 1);                           // [V * T, B, D]
        Tensor Of(Tensor views, Func<Tensor, Tensor> sum) => own.Instances(views, temperature, sum);
        return (Options.Convention, Options.InstancePairs) switch
        {
            (TclrLossConvention.Paper, TclrInstancePairs.SameFrames)
                => [(LossTerms.PaperInstance, Of(global, terms => terms.select(0, 0).select(1, 1).sum() / (double)b), Options.InstanceWeight)],
            (TclrLossConvention.Paper, _)
                => [(LossTerms.PaperInstance, Of(clips, terms => terms.narrow(0, 0, t).narrow(2, t, t).sum() / (double)(t * t * b)), Options.InstanceWeight)],
            _ =>
            [
                (LossTerms.GlobalInstance, Of(global, terms => terms.sum() / (double)(v * (v - 1) * b)), Options.InstanceWeight),
                (LossTerms.LocalInstance, Of(clips, terms => terms.sum() / (double)(t * b)), Options.InstanceWeight),
            ],
        };
    }

    private void CheckShapes(Tensor global, Tensor locals, Tensor? slices)
    {
        const string Name = nameof(TclrLoss);
        TensorCheck.Shape(global, "[V,B,D]", Name, nameof(TemporalEmbeddings.GlobalPooled));
        TensorCheck.Shape(locals, "[V,B,T,D]", Name, nameof(TemporalEmbeddings.LocalPooled));
        long[] expected = [locals.shape[0], locals.shape[1], locals.shape[3]];
        if (!global.shape.AsSpan().SequenceEqual(expected))
        {
            throw new ArgumentException(
                $"{Name}: expected GlobalPooled [V,B,D] and LocalPooled [V,B,T,D] of the same V, B and D, got {TensorCheck.Text(global)} and {TensorCheck.Text(locals)}",
                nameof(global));
        }

        if (Options.Convention == TclrLossConvention.Paper && locals.shape[0] != 2)
        {
            throw new ArgumentException(
                $"{Name}: expected two views for the equations of the paper, got {TensorCheck.Text(locals)}: choose {nameof(TclrLossConvention)}.{nameof(TclrLossConvention.Reference)}",
                nameof(locals));
        }

        if (Options.Instance || Options.LocalLocal)
        {
            TensorCheck.AtLeastTwo(locals, 0, "two views or more for the instance and local-local terms", Name, nameof(TemporalEmbeddings.LocalPooled));
        }

        if (Options.LocalLocal || Options.GlobalLocal)
        {
            TensorCheck.AtLeastTwo(locals, 2, "two timesteps or more for the temporal terms", Name, nameof(TemporalEmbeddings.LocalPooled));
        }

        if (Options.GlobalLocal)
        {
            TensorCheck.SameShape(
                LossTerms.Required(slices, Name, nameof(TemporalEmbeddings.GlobalSlices)),
                locals,
                "[V,B,T,D]",
                Name,
                nameof(TemporalEmbeddings.GlobalSlices),
                nameof(TemporalEmbeddings.LocalPooled));
        }
    }
}
