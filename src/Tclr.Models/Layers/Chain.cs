using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>Layers one after the other, whose weights may be listed in another order.</summary>
internal sealed class Chain : nn.Module<Tensor, Tensor>
{
    private readonly IReadOnlyList<Layer> layers;

    /// <summary>Creates a chain.</summary>
    /// <param name="layers">The layers in the order of the data.</param>
    public Chain(params IReadOnlyList<Layer> layers)
        : this(layers, layers)
    {
    }

    /// <summary>Creates a chain whose weights have an order of their own.</summary>
    /// <param name="layers">The layers in the order of the data.</param>
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
