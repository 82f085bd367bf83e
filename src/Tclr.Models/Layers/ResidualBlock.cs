using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>A residual block: <c>ReLU(branch(x) + shortcut(x))</c>.</summary>
/// <remarks>The sum is computed in place: the branch must end in a layer that does not need its output for backward, such as batch normalization.</remarks>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly IReadOnlyList<Layer> branch;
    private readonly IReadOnlyList<Layer> shortcut;
    private readonly bool rectified;

    /// <summary>Creates a block.</summary>
    /// <param name="branch">Layers of the residual branch.</param>
    /// <param name="shortcut">Layers of the shortcut; empty for the identity.</param>
    /// <param name="shortcutFirst">Whether the shortcut's weights come first.</param>
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
