using Tclr.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Cli;

/// <summary>The value of the local-local loss for an encoder that does not tell the clips of a video apart, where it starts and often stays for a while.</summary>
internal static class LossPlateau
{
    public const string Term = "local_local";

    /// <summary>A loss above this share of the plateau has not left it.</summary>
    public const double Left = 0.95;

    /// <summary>The term of the recipe's loss where all embeddings are equal: ln(2 T - 1) for each clip. 0 if the loss has no such term.</summary>
    public static double Of(TclrRecipe recipe, int localClips)
    {
        using var scope = NewDisposeScope();
        int views = recipe.Clips.CreateSampler().Layout.GlobalViews;
        using var equal = new TemporalEmbeddings(Unit(views, recipe.BatchSize), Unit(views, recipe.BatchSize, localClips), Unit(views, recipe.BatchSize, localClips));
        using var result = recipe.Loss.Create().Compute(equal);
        return result.Terms.Where(term => string.Equals(term.Name, Term, StringComparison.Ordinal)).Sum(term => term.Value.ToDouble());

        static Tensor Unit(params long[] shape) => full([.. shape, 4], 0.5f);
    }
}
