using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>Self-gating: scales the channels by weights computed from their means over the clip, <c>x * sigmoid(fc(mean(x)))</c>.</summary>
/// <remarks>Source: Xie et al., "Rethinking Spatiotemporal Feature Learning" (2018), S3D-G.</remarks>
internal sealed class SelfGate : nn.Module<Tensor, Tensor>
{
    private readonly Linear fc;

    /// <summary>Creates a gate.</summary>
    /// <param name="channels">Number of channels.</param>
    public SelfGate(int channels)
        : base(nameof(SelfGate))
    {
        fc = nn.Linear(channels, channels);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var weights = fc.call(input.mean([2, 3, 4])).sigmoid();                     // [N, C]
        return (input * weights.view(weights.shape[0], weights.shape[1], 1, 1, 1)).MoveToOuterDisposeScope();
    }
}
