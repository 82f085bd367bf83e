using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Cosine similarity between the features of a clip's timesteps, which TCLR's temporal losses reduce.</summary>
/// <remarks>Source: Dave et al., "TCLR" (2022), appendix H.</remarks>
/// <example><code>
/// using var slices = encoder.Encode(clips);                  // [N, 512, 4]
/// double similarity = TemporalDiversity.Measure(slices).MeanOffDiagonal;
/// </code></example>
/// <param name="Similarity">Mean cosines <c>[T, T]</c> over the clips, -1 to 1, with 1 on the diagonal.</param>
/// <param name="MeanOffDiagonal">Their mean off the diagonal; 1 if the timesteps of a clip have equal directions.</param>
public sealed record TemporalDiversity(double[,] Similarity, double MeanOffDiagonal)
{
    /// <summary>Computes the cosine between each two timesteps of a clip, averaged over clips.</summary>
    /// <param name="slices">Features <c>[N, C, T]</c> as <see cref="Core.IVideoEncoder.Encode"/> gives them, <c>T</c> 2 or more; the caller keeps owning them.</param>
    /// <returns>The similarities.</returns>
    /// <exception cref="ArgumentException">The slices are not finite <c>[N, C, T]</c>, or <c>T</c> is 1.</exception>
    public static TemporalDiversity Measure(Tensor slices)
    {
        InputCheck.Finite(slices, "[N,C,T]", nameof(TemporalDiversity), nameof(slices));
        if (slices.shape[2] < 2)
        {
            throw new ArgumentException("TemporalDiversity: expected slices of 2 timesteps or more, got 1: use longer clips, or an encoder that keeps more timesteps", nameof(slices));
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Of(Sum(slices) / slices.shape[0]);
    }

    /// <summary>Cosines <c>[T, T]</c> of the timesteps of slices <c>[N, C, T]</c>, summed over clips; the caller owns them.</summary>
    internal static Tensor Sum(Tensor slices)
    {
        using var scope = NewDisposeScope();
        var unit = nn.functional.normalize(slices.to(ScalarType.Float64), 2, 1, 1e-12);
        return unit.transpose(1, 2).bmm(unit).sum([0]).MoveToOuterDisposeScope();
    }

    /// <summary>The result of mean cosines <c>[T, T]</c>.</summary>
    internal static TemporalDiversity Of(Tensor mean)
    {
        double[,] similarity = Pca.ToMatrix(mean);
        int timesteps = similarity.GetLength(0);
        double sum = similarity.Cast<double>().Sum() - Enumerable.Range(0, timesteps).Sum(i => similarity[i, i]);
        return new TemporalDiversity(similarity, sum / (timesteps * (timesteps - 1)));
    }
}
