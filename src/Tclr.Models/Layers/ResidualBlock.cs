using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>Layers around a shortcut: <c>ReLU(branch(x) + shortcut(x))</c>.</summary>
/// <remarks>The branch must end in a tensor that its gradient does not need, such as that of batch normalization.</remarks>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly IReadOnlyList<Layer> branch;
    private readonly IReadOnlyList<Layer> shortcut;
    private readonly bool rectified;

    /// <summary>Creates a block.</summary>
    /// <param name="branch">The layers beside the shortcut.</param>
    /// <param name="shortcut">Layers of the shortcut; none where the shape stays.</param>
    /// <param name="shortcutFirst">Whether the shortcut's weights are listed first.</param>
    /// <param name="rectified">Whether a ReLU ends the block.</param>
    public ResidualBlock(IReadOnlyList<Layer> branch, IReadOnlyList<Layer> shortcut, bool shortcutFirst = false, bool rectified = true)
        : base(nameof(ResidualBlock))
    {
        this.branch = branch;
        this.shortcut = shortcut;
        this.rectified = rectified;
        this.Register(shortcutFirst ? shortcut.Concat(branch) : branch.Concat(shortcut));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var output = branch.Run(input).add_(shortcut.Run(input));
        return (rectified ? output.relu_() : output).MoveToOuterDisposeScope();
    }
}
