namespace Tclr.Evaluation;

/// <summary>How the features of a video are averaged over clips and timesteps.</summary>
public enum FeaturePooling
{
    /// <summary>Over clips and timesteps: dimension <c>C</c>, 512 for R3D-18.</summary>
    Mean,

    /// <summary>Over clips; timestep <c>t</c> of channel <c>c</c> is element <c>c T' + t</c>: dimension <c>C T'</c>, 2048 for TCLR's R3D-18. Used by TCLR's retrieval.</summary>
    Timesteps,

    /// <summary>
    /// Over the timesteps of each clip; channel <c>c</c> of clip <c>k</c> is element <c>k C + c</c>: dimension <c>K C</c>. After <c>view(N, K, C)</c>, the input of
    /// <see cref="ClipCurves"/> and of the test of a <see cref="LinearProbe"/>.
    /// </summary>
    Clips,
}
