using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The local-local temporal contrastive loss: <see cref="Functional.LocalLocal"/> between every two views of the local clips.</summary>
/// <remarks>
/// The term <c>local_local</c> is the mean over the videos and over the pairs of views; <see cref="TclrLoss"/> in the
/// reference convention sums over the videos.
/// Source: Dave et al., "TCLR" (2022), equation 2.
/// </remarks>
/// <param name="temperature">The similarities are divided by it; finite and above 0. The default value is <see cref="Functional.DefaultTemperature"/>.</param>
/// <param name="kernel">The implementation to use.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
public sealed class LocalLocalLoss(double temperature = Functional.DefaultTemperature, LossKernel kernel = LossKernel.Automatic) : ITemporalContrastiveLoss
{
    private readonly double temperature = OptionChecker.ThrowIfNotPositive(temperature);

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var locals = LossTerms.Required(embeddings.LocalPooled, nameof(LocalLocalLoss), nameof(TemporalEmbeddings.LocalPooled));
        TensorCheck.AtLeastTwo(locals, 0, "two views or more", nameof(LocalLocalLoss), nameof(TemporalEmbeddings.LocalPooled));

        Tensor Pair(int a, int b) => Functional.LocalLocal(locals.select(0, a), locals.select(0, b), temperature, kernel: kernel);
        int views = (int)locals.shape[0];
        var pairs = from a in Enumerable.Range(0, views)
                    from b in Enumerable.Range(a + 1, views - a - 1)
                    select (a, b);
        return LossTerms.Single(LossTerms.LocalLocal, () => stack([.. pairs.Select(pair => Pair(pair.a, pair.b))], 0).mean());
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
