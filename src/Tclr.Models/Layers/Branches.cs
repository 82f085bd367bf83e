using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>Parallel branches on one input, concatenated along the channels.</summary>
internal sealed class Branches : nn.Module<Tensor, Tensor>
{
    private readonly IReadOnlyList<Layer>[] branches;

    /// <summary>Creates the branches. Weights are registered in the order of the layers, then of the branches.</summary>
    /// <param name="branches">The layers of each branch.</param>
    public Branches(params IReadOnlyList<Layer>[] branches)
        : base(nameof(Branches))
    {
        this.branches = branches;
        int depth = branches.Max(branch => branch.Count);
        for (int i = 0; i < depth; i++)
        {
            this.Register(branches.Where(branch => i < branch.Count).Select(branch => branch[i]));
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return cat([.. branches.Select(branch => branch.Run(input))], 1).MoveToOuterDisposeScope();
    }
}
