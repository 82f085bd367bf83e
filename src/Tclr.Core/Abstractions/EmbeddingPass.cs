using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The part of a batch that goes through encoder and head together.</summary>
/// <param name="FirstView">The first view.</param>
/// <param name="ViewCount">Number of views.</param>
/// <param name="FirstVideo">The first video.</param>
/// <param name="VideoCount">Number of videos.</param>
internal readonly record struct EmbeddingPass(int FirstView, int ViewCount, long FirstVideo, long VideoCount);

/// <summary>What a pass gives.</summary>
/// <param name="Whole">Whole clips <c>[views, n, D]</c>.</param>
/// <param name="Slices">The timesteps of the global clips <c>[globals, n, T, D]</c>, if the pass has any and the layout asks for them.</param>
internal readonly record struct PassEmbeddings(Tensor Whole, Tensor? Slices)
{
    public IEnumerable<Tensor> All => Slices is null ? [Whole] : [Whole, Slices];

    public PassEmbeddings MoveToOuterDisposeScope() => new(Whole.MoveToOuterDisposeScope(), Slices?.MoveToOuterDisposeScope());
}
