using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The global-local temporal contrastive loss: <see cref="Functional.GlobalLocal"/> over all combinations of a global view and a view of the local clips.</summary>
/// <remarks>
/// The term <c>global_local</c> is the mean over the combinations; <see cref="TclrLoss"/> in the reference convention sums
/// over them.
/// Source: Dave et al., "TCLR" (2022), equations 3 and 4.
/// </remarks>
/// <param name="temperature">The similarities are divided by it; finite and above 0. The default value is <see cref="Functional.DefaultTemperature"/>.</param>
/// <param name="kernel">The implementation to use.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
public sealed class GlobalLocalLoss(double temperature = Functional.DefaultTemperature, LossKernel kernel = LossKernel.Automatic) : ITemporalContrastiveLoss
{
    private readonly double temperature = OptionChecker.ThrowIfNotPositive(temperature);

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var slices = LossTerms.Required(embeddings.GlobalSlices, nameof(GlobalLocalLoss), nameof(TemporalEmbeddings.GlobalSlices));
        var locals = LossTerms.Required(embeddings.LocalPooled, nameof(GlobalLocalLoss), nameof(TemporalEmbeddings.LocalPooled));

        Tensor Pair(int v, int w) => Functional.GlobalLocal(slices.select(0, v), locals.select(0, w), temperature, kernel: kernel);
        var combinations = from v in Enumerable.Range(0, (int)slices.shape[0])
                           from w in Enumerable.Range(0, (int)locals.shape[0])
                           select (v, w);
        return LossTerms.Single(LossTerms.GlobalLocal, () => stack([.. combinations.Select(pair => Pair(pair.v, pair.w))], 0).mean());
    }

    /// <inheritdoc/>
    public LossResult ComputeShare(TemporalEmbeddings embeddings, int share, int shares)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        return new LossShare(share, shares).OfMean(this, embeddings);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FindMistakes(TrainingSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return LossTerms.NeedsLocalClips(setup);
    }
}
