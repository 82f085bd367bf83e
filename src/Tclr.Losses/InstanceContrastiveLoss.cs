using Tclr.Core;
using Tclr.Losses.Kernels;

namespace Tclr.Losses;

/// <summary>Tells videos apart by their global clips: SimCLR and CVRL on the versions of a batch.</summary>
/// <remarks>
/// The term <c>instance</c> is <see cref="Functional.InstanceContrastive"/> of the pooled global clips. CVRL's printed
/// loss, the sum over the anchors' two directions, is twice that: give it a weight of 2 to compare numbers.
/// Source: Chen et al., SimCLR (2020); Qian et al., "Spatiotemporal Contrastive Video Representation Learning" (2021).
/// </remarks>
/// <param name="temperature">Divides the similarities: finite and above 0. The default value is 0.1.</param>
/// <param name="kernel">How it is computed.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
public sealed class InstanceContrastiveLoss(double temperature = 0.1, LossKernel kernel = LossKernel.Automatic) : ITemporalContrastiveLoss
{
    private readonly double temperature = Check.Temperature(temperature, nameof(InstanceContrastiveLoss));

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        return SingleTerm.Of("instance", () => Functional.InstanceContrastive(embeddings.GlobalPooled, temperature, kernel: kernel));
    }
}
