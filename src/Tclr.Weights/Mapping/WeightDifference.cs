using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>A tensor with different shapes or element types in file and module.</summary>
/// <param name="Name">The name in the module.</param>
/// <param name="ExpectedType">Element type in the module.</param>
/// <param name="ExpectedShape">Shape in the module.</param>
/// <param name="FoundType">Element type in the file.</param>
/// <param name="FoundShape">Shape in the file.</param>
public sealed record WeightDifference(
    string Name, ScalarType ExpectedType, IReadOnlyList<long> ExpectedShape, ScalarType FoundType, IReadOnlyList<long> FoundShape)
{
    internal bool HasEqualShapes => ExpectedShape.SequenceEqual(FoundShape);

    internal bool IsBetweenFloatingPointTypes => ElementType.Of(ExpectedType) is { IsFloatingPoint: true } && ElementType.Of(FoundType) is { IsFloatingPoint: true };

    /// <summary>Returns types and shapes side by side.</summary>
    /// <returns>Such as <c>'fc.weight': expected Float32 [101,512], got Float32 [102,512]</c>.</returns>
    public override string ToString() => $"'{Name}': expected {TensorNames.Describe(ExpectedType, ExpectedShape)}, got {TensorNames.Describe(FoundType, FoundShape)}";
}
