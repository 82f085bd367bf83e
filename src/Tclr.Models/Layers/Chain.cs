using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>A sequence of layers, whose weights may be registered in another order.</summary>
internal sealed class Chain : nn.Module<Tensor, Tensor>
{
    private readonly IReadOnlyList<Layer> layers;

    /// <summary>Creates a chain.</summary>
    /// <param name="layers">The layers in the order of computation.</param>
    public Chain(params IReadOnlyList<Layer> layers)
        : this(layers, layers)
    {
    }

    /// <summary>Creates a chain with another order of the weights.</summary>
    /// <param name="layers">The layers in the order of computation.</param>
    /// <param name="weights">The layers in the order of the weights.</param>
    public Chain(IReadOnlyList<Layer> layers, IEnumerable<Layer> weights)
        : base(nameof(Chain))
    {
        this.layers = layers;
        this.Register(weights);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return layers.Run(input).MoveToOuterDisposeScope();
    }
}
