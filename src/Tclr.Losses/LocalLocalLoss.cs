using Tclr.Core;
using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>Tells the timesteps of a video apart: <see cref="Functional.LocalLocal"/> between every two versions.</summary>
/// <remarks>
/// The term <c>local_local</c> is the mean over the videos and over the pairs of versions; <see cref="TclrLoss"/> in the
/// convention of the reference sums over the videos.
/// Source: Dave et al., "TCLR" (2022), equation 2.
/// </remarks>
/// <param name="temperature">Divides the similarities: finite and above 0. The default value is 0.1.</param>
/// <param name="kernel">How it is computed.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
public sealed class LocalLocalLoss(double temperature = 0.1, LossKernel kernel = LossKernel.Automatic) : ITemporalContrastiveLoss
{
    private readonly double temperature = Check.Temperature(temperature, nameof(LocalLocalLoss));

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var locals = Check.Present(embeddings.LocalPooled, nameof(LocalLocalLoss), nameof(TemporalEmbeddings.LocalPooled));
        Check.AtLeastTwo(locals, 0, "two versions or more", nameof(LocalLocalLoss), nameof(TemporalEmbeddings.LocalPooled));

        Tensor Pair(int a, int b) => Functional.LocalLocal(locals.select(0, a), locals.select(0, b), temperature, kernel: kernel);
        int versions = (int)locals.shape[0];
        var pairs = from a in Enumerable.Range(0, versions)
                    from b in Enumerable.Range(a + 1, versions - a - 1)
                    select (a, b);
        return SingleTerm.Of("local_local", () => stack([.. pairs.Select(pair => Pair(pair.a, pair.b))], 0).mean());
    }
}
