using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>A tensor whose type was converted when it was loaded.</summary>
/// <param name="Name">Its name in the module.</param>
/// <param name="From">Type in the file.</param>
/// <param name="To">Type in the module.</param>
public sealed record WeightConversion(string Name, ScalarType From, ScalarType To);
