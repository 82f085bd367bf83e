namespace Tclr.Losses.Kernels.Fused;

/// <summary>The local-local contrast: the timesteps of each video, between its versions.</summary>
/// <param name="Versions">Number of versions <c>V</c> of each clip.</param>
/// <param name="Timesteps">Local clips <c>T</c> of each version.</param>
/// <param name="Anchors">How many of the versions, the first ones, are anchors.</param>
/// <param name="Temperature">Divides the similarities.</param>
/// <param name="Weight">What a term weighs in the gradient.</param>
internal sealed record TimestepProblem(int Versions, int Timesteps, int Anchors, double Temperature, double Weight);
