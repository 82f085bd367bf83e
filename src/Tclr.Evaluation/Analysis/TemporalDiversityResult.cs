using System.Globalization;

namespace Tclr.Evaluation;

/// <summary>What <see cref="TemporalDiversity"/> found.</summary>
/// <param name="Similarity">Mean cosines <c>[T, T]</c>, -1 to 1, with 1 on the diagonal.</param>
/// <param name="MeanOffDiagonal">Their mean off the diagonal: 1 where the timesteps of a clip cannot be told apart.</param>
public sealed record TemporalDiversityResult(double[,] Similarity, double MeanOffDiagonal)
{
    /// <summary>Shows the similarities.</summary>
    /// <param name="title">The figure's heading.</param>
    /// <returns>The figure, with a caption.</returns>
    public HeatMap ToHeatMap(string title)
    {
        string[] names = [.. Enumerable.Range(1, Similarity.GetLength(0)).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        return new HeatMap(title, Similarity)
        {
            Rows = names,
            Columns = names,
            XLabel = "timestep",
            YLabel = "timestep",
            High = 1,
            Caption = FormattableString.Invariant($"Mean cosine between the features of a clip's timesteps; {MeanOffDiagonal:0.000} on average off the diagonal. The less color off the diagonal, the better the timesteps are told apart."),
        };
    }
}
