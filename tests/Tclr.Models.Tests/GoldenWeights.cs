using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

/// <summary>Weights by formula, from the position of a parameter.</summary>
internal static class GoldenWeights
{
    /// <summary>Matrices: hash * sqrt(6 / fan-in); biases: 0.1 * hash; normalization weights: 1 + 0.1 * hash; in float32.</summary>
    /// <param name="module">The network.</param>
    /// <param name="normalization">Whether to fill batch normalization too; it keeps 1 and 0 if not.</param>
    public static void Fill(nn.Module module, bool normalization = true)
    {
        using var noGrad = no_grad();
        var norms = module.named_modules().Where(m => m.Item2 is BatchNorm).Select(m => m.Item1).ToHashSet(StringComparer.Ordinal);
        uint k = 0;
        foreach (var (name, parameter) in module.named_parameters())
        {
            uint seed = k++;
            bool norm = norms.Contains(name[..Math.Max(0, name.LastIndexOf('.'))]);
            if (norm && !normalization)
            {
                continue;
            }

            using var scope = NewDisposeScope();
            long[] shape = parameter.shape;
            var hash = Golden.Hash(seed, shape);

            // TorchSharp does not keep the numbers alive during the calls.
            using var held = FinalizerGate.Hold();
            var values = shape.Length > 1 ? hash * Math.Sqrt(6.0 / (parameter.numel() / shape[0]))
                : norm && name.EndsWith("weight", StringComparison.Ordinal) ? (hash * 0.1) + 1.0
                : hash * 0.1;
            parameter.copy_(values.to(ScalarType.Float32));
        }
    }
}
