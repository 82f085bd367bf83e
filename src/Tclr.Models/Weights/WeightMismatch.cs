using Tclr.Core.Weights;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>A tensor whose shape or type is not that of the module.</summary>
/// <param name="Name">Its name in the module.</param>
/// <param name="ExpectedType">Type in the module.</param>
/// <param name="ExpectedShape">Shape in the module.</param>
/// <param name="FoundType">Type in the file.</param>
/// <param name="FoundShape">Shape in the file.</param>
public sealed record WeightMismatch(
    string Name, ScalarType ExpectedType, IReadOnlyList<long> ExpectedShape, ScalarType FoundType, IReadOnlyList<long> FoundShape)
{
    /// <summary>Both, side by side.</summary>
    /// <returns>As <c>'fc.weight': expected Float32 [101,512], got Float32 [102,512]</c>.</returns>
    public override string ToString() => $"'{Name}': expected {Names.Describe(ExpectedType, ExpectedShape)}, got {Names.Describe(FoundType, FoundShape)}";
}
