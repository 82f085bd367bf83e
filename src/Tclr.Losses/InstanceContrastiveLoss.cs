using Tclr.Core;

namespace Tclr.Losses;

/// <summary>The instance contrastive loss of SimCLR and CVRL on the global views of a batch.</summary>
/// <remarks>
/// The term <c>instance</c> is <see cref="Functional.InstanceContrastive"/> of the pooled global clips. The loss in CVRL's
/// paper sums over both directions, which is twice that: use a weight of 2 to compare numbers.
/// Source: Chen et al., SimCLR (2020); Qian et al., "Spatiotemporal Contrastive Video Representation Learning" (2021).
/// </remarks>
/// <param name="temperature">The similarities are divided by it; finite and above 0. The default value is <see cref="Functional.DefaultTemperature"/>.</param>
/// <param name="kernel">The implementation to use.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
public sealed class InstanceContrastiveLoss(double temperature = Functional.DefaultTemperature, LossKernel kernel = LossKernel.Automatic) : ITemporalContrastiveLoss
{
    private readonly double temperature = OptionChecker.ThrowIfNotPositive(temperature);

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        return LossTerms.Single("instance", () => Functional.InstanceContrastive(embeddings.GlobalPooled, temperature, kernel: kernel));
    }

    /// <inheritdoc/>
    public LossResult ComputeShare(TemporalEmbeddings embeddings, int share, int shares)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var views = embeddings.GlobalPooled;
        TensorCheck.Shape(views, "[V,B,D]", nameof(InstanceContrastiveLoss));
        TensorCheck.AtLeastTwo(views, 0, "two views or more", nameof(InstanceContrastiveLoss));
        double pairs = views.shape[0] * (views.shape[0] - 1) * views.shape[1];
        return LossTerms.Single("instance", () => new LossShare(share, shares).Instances(views, temperature, terms => terms.sum() / pairs));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FindMistakes(TrainingSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return LossTerms.NeedsTwoViews(setup);
    }
}
