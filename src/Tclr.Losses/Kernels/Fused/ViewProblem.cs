namespace Tclr.Losses.Kernels.Fused;

/// <summary>A contrast between views of the same samples.</summary>
/// <param name="Views">Number of views <c>V</c>.</param>
/// <param name="Samples">Samples <c>N</c> of each.</param>
/// <param name="Anchors">How many of the views, the first ones, are anchors.</param>
/// <param name="Temperature">Divides the similarities.</param>
/// <param name="Weight">What a term weighs in the gradient.</param>
internal sealed record ViewProblem(int Views, int Samples, int Anchors, double Temperature, double Weight);
