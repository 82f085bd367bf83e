using System.Runtime.InteropServices;
using Tclr.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>A linear layer on features, with first weights that depend on the seed alone.</summary>
internal sealed class LinearClassifier : IDisposable
{
    private const ulong WeightStream = 0x77656967;

    private readonly Linear layer;
    private readonly bool normalize;

    public LinearClassifier(int features, int classes, ClassifierOptions options, Device device)
    {
        normalize = options.Normalize;
        layer = nn.Linear(features, classes);
        using (no_grad())
        {
            var random = CounterRandom.For(options.Seed, WeightStream);
            double bound = 1 / Math.Sqrt(features);
            foreach (ref float weight in MemoryMarshal.Cast<byte, float>(layer.weight.bytes))
            {
                weight = (float)(options.InitialDeviation is { } deviation ? deviation * random.NextGaussian() : random.Uniform(-bound, bound));
            }

            foreach (ref float bias in MemoryMarshal.Cast<byte, float>(layer.bias!.bytes))
            {
                bias = options.InitialDeviation is null ? (float)random.Uniform(-bound, bound) : 0;
            }
        }

        layer.to(device);
    }

    public IEnumerable<Parameter> Parameters => layer.parameters();

    /// <summary>Logits <c>[N, classes]</c> of features <c>[N, D]</c>, float32; the caller owns them.</summary>
    public Tensor Logits(Tensor features)
    {
        using var scope = NewDisposeScope();
        var rows = features.to(ScalarType.Float32);
        return layer.call(normalize ? nn.functional.normalize(rows) : rows).MoveToOuterDisposeScope();
    }

    /// <summary>Probabilities <c>[N, classes]</c>; the caller owns them.</summary>
    public Tensor Probabilities(Tensor features)
    {
        using var scope = NewDisposeScope();
        return Logits(features).softmax(1).MoveToOuterDisposeScope();
    }

    public void Dispose() => layer.Dispose();
}
