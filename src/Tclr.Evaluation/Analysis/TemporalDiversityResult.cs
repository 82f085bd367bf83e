namespace Tclr.Evaluation;

/// <summary>What <see cref="TemporalDiversity"/> found.</summary>
/// <param name="Similarity">Mean cosines <c>[T, T]</c>, -1 to 1, with 1 on the diagonal.</param>
/// <param name="MeanOffDiagonal">Their mean off the diagonal: 1 where the timesteps of a clip cannot be told apart.</param>
public sealed record TemporalDiversityResult(double[,] Similarity, double MeanOffDiagonal);
