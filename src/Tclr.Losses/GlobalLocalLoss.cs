using Tclr.Core;
using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>Matches the timesteps of the global clips with the local clips: <see cref="Functional.GlobalLocal"/> over all combinations of versions.</summary>
/// <remarks>
/// The term <c>global_local</c> is the mean over the combinations; <see cref="TclrLoss"/> in the convention of the
/// reference sums over them.
/// Source: Dave et al., "TCLR" (2022), equations 3 and 4.
/// </remarks>
/// <param name="temperature">Divides the similarities: finite and above 0. The default value is 0.1.</param>
/// <param name="kernel">How it is computed.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
public sealed class GlobalLocalLoss(double temperature = 0.1, LossKernel kernel = LossKernel.Automatic) : ITemporalContrastiveLoss
{
    private readonly double temperature = Check.Temperature(temperature, nameof(GlobalLocalLoss));

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var slices = Check.Present(embeddings.GlobalSlices, nameof(GlobalLocalLoss), nameof(TemporalEmbeddings.GlobalSlices));
        var locals = Check.Present(embeddings.LocalPooled, nameof(GlobalLocalLoss), nameof(TemporalEmbeddings.LocalPooled));

        Tensor Pair(int v, int w) => Functional.GlobalLocal(slices.select(0, v), locals.select(0, w), temperature, kernel: kernel);
        var combinations = from v in Enumerable.Range(0, (int)slices.shape[0])
                           from w in Enumerable.Range(0, (int)locals.shape[0])
                           select (v, w);
        return SingleTerm.Of("global_local", () => stack([.. combinations.Select(pair => Pair(pair.v, pair.w))], 0).mean());
    }
}
