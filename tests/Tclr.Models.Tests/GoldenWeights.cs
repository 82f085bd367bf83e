using Tclr.Testing;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

/// <summary>Weights by formula, from the position of a parameter.</summary>
internal static class GoldenWeights
{
    /// <summary>Matrices: hash * sqrt(6 / fan-in); biases: 0.1 * hash; normalisation weights: 1 + 0.1 * hash; in float32.</summary>
    public static void Fill(nn.Module module)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        uint k = 0;
        foreach (var (name, parameter) in module.named_parameters())
        {
            long[] shape = parameter.shape;
            var hash = Golden.Hash(k++, shape);
            var values = shape.Length > 1 ? hash * Math.Sqrt(6.0 / (parameter.numel() / shape[0]))
                : name.EndsWith("weight", StringComparison.Ordinal) ? (hash * 0.1) + 1.0
                : hash * 0.1;
            parameter.copy_(values.to(ScalarType.Float32));
        }
    }
}
