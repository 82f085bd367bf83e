namespace Tclr.Evaluation;

/// <summary>What becomes of the timesteps of a feature.</summary>
public enum FeaturePooling
{
    /// <summary>Their mean: <c>C</c> numbers, 512 of R3D-18.</summary>
    Mean,

    /// <summary>They stay, number <c>t</c> of channel <c>c</c> at <c>c T' + t</c>: <c>C T'</c> numbers, 2048 of TCLR's R3D-18. The features of TCLR's retrieval.</summary>
    Timesteps,

    /// <summary>
    /// Their mean, but of each clip alone: <c>K C</c> numbers, number <c>c</c> of clip <c>k</c> at <c>k C + c</c>. What
    /// <see cref="ClipCurves"/> and a <see cref="LinearProbe"/> that judges clip by clip look at, after <c>view(N, K, C)</c>.
    /// </summary>
    Clips,
}
