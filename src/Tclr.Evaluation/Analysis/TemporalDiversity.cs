using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>How alike the features of a clip's timesteps are: what TCLR's temporal losses are to make different.</summary>
/// <remarks>Source: Dave et al., "TCLR" (2022), appendix H.</remarks>
/// <example><code>
/// using var slices = encoder.Encode(clips);                  // [N, 512, 4]
/// double similarity = TemporalDiversity.Measure(slices).MeanOffDiagonal;
/// </code></example>
public static class TemporalDiversity
{
    /// <summary>The mean over clips of the cosine between each two of their timesteps.</summary>
    /// <param name="slices">Features <c>[N, C, T]</c> as <see cref="Core.IVideoEncoder.Encode"/> gives them, <c>T</c> 2 or more; the caller keeps owning them.</param>
    /// <returns>The mean cosines.</returns>
    /// <exception cref="ArgumentException">The slices are not finite <c>[N, C, T]</c>, or <c>T</c> is 1.</exception>
    public static TemporalDiversityResult Measure(Tensor slices)
    {
        InputCheck.Finite(slices, "[N,C,T]", nameof(TemporalDiversity), nameof(slices));
        if (slices.shape[2] < 2)
        {
            throw new ArgumentException("TemporalDiversity: expected slices of 2 timesteps or more, got 1: use longer clips, or an encoder that keeps more of time", nameof(slices));
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
    internal static TemporalDiversityResult Of(Tensor mean)
    {
        double[,] similarity = Pca.ToMatrix(mean);
        int timesteps = similarity.GetLength(0);
        double sum = similarity.Cast<double>().Sum() - Enumerable.Range(0, timesteps).Sum(i => similarity[i, i]);
        return new TemporalDiversityResult(similarity, sum / (timesteps * (timesteps - 1)));
    }
}
