using System.Runtime.InteropServices;
using Tclr.Core;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>A linear layer on features, whose initial weights depend on the seed only.</summary>
internal sealed class LinearClassifier : IDisposable
{
    private const ulong WeightStream = 0x77656967;

    private readonly Linear layer;
    private readonly bool normalize;
    private readonly int classes;

    public LinearClassifier(int features, int classes, ClassifierOptions options, Device device)
    {
        normalize = options.Normalize;
        this.classes = classes;
        layer = nn.Linear(features, classes + options.UnusedOutputs);
        using (no_grad())
        {
            options.Initialization.Fill(MemoryMarshal.Cast<byte, float>(layer.weight.bytes), MemoryMarshal.Cast<byte, float>(layer.bias!.bytes), CounterRandom.For(options.Seed, WeightStream));
        }

        layer.to(device);
    }

    public IEnumerable<Parameter> Parameters => layer.parameters();

    /// <summary>Logits <c>[N, outputs]</c>, those without a class included, of features <c>[N, D]</c>, float32; the caller owns them.</summary>
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
        return Logits(features).softmax(1).narrow(1, 0, classes).contiguous().MoveToOuterDisposeScope();
    }

    public void Dispose() => layer.Dispose();
}
