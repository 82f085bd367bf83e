namespace Tclr.Evaluation;

/// <summary>What becomes of the timesteps of a feature.</summary>
public enum FeaturePooling
{
    /// <summary>Their mean: <c>C</c> numbers, 512 of R3D-18.</summary>
    Mean,

    /// <summary>They stay, number <c>t</c> of channel <c>c</c> at <c>c T' + t</c>: <c>C T'</c> numbers, 2048 of TCLR's R3D-18. The features of TCLR's retrieval.</summary>
    Timesteps,
}
