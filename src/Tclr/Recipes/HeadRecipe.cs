using System.Text.Json.Serialization;
using Tclr.Core;
using Tclr.Models;

namespace Tclr;

/// <summary>The projection head of a recipe. Derive from it for a head of your own, and register it with <see cref="RecipeRegistry.Add{T}"/>.</summary>
[JsonDerivedType(typeof(TclrHead), "tclr")]
[JsonDerivedType(typeof(SimClrHead), "sim_clr")]
[JsonDerivedType(typeof(CvrlHead), "cvrl")]
[JsonDerivedType(typeof(DualVarClipHead), "dual_var_clip")]
[JsonDerivedType(typeof(DualVarSeriesHead), "dual_var_series")]
public abstract record HeadRecipe
{
    /// <summary>The head of TCLR's code, <see cref="ProjectionHeads.Tclr"/>.</summary>
    /// <param name="hidden">Width of the hidden layer, 1 or more. The default value is 512.</param>
    /// <param name="embedding">Dimension of an embedding, 1 or more. The default value is 128.</param>
    /// <returns>The recipe.</returns>
    public static HeadRecipe Tclr(int hidden = 512, int embedding = 128) => new TclrHead(hidden, embedding);

    /// <summary>The head of SimCLR and of TCLR's paper, <see cref="ProjectionHeads.SimClr"/>.</summary>
    /// <inheritdoc cref="Tclr"/>
    public static HeadRecipe SimClr(int hidden = 512, int embedding = 128) => new SimClrHead(hidden, embedding);

    /// <summary>The head of CVRL, <see cref="ProjectionHeads.Cvrl"/>.</summary>
    /// <param name="hidden">Width of the hidden layers, 1 or more. The default value is 2048.</param>
    /// <param name="embedding">Dimension of an embedding, 1 or more. The default value is 128.</param>
    /// <returns>The recipe.</returns>
    public static HeadRecipe Cvrl(int hidden = 2048, int embedding = 128) => new CvrlHead(hidden, embedding);

    /// <summary>DualVar's head of clips, <see cref="ProjectionHeads.DualVarClip"/>.</summary>
    /// <inheritdoc cref="Tclr"/>
    public static HeadRecipe DualVarClip(int hidden = 512, int embedding = 128) => new DualVarClipHead(hidden, embedding);

    /// <summary>DualVar's head of segments, <see cref="ProjectionHeads.DualVarSeries"/>.</summary>
    /// <param name="hidden">Width of the hidden layer, 1 or more. The default value is 512.</param>
    /// <param name="segments">Number of segments of a clip, 2 or more. The default value is 2.</param>
    /// <param name="embedding">Dimension of a segment's embedding, 1 or more. The default value is 64.</param>
    /// <returns>The recipe.</returns>
    public static HeadRecipe DualVarSeries(int hidden = 512, int segments = 2, int embedding = 64) => new DualVarSeriesHead(hidden, segments, embedding);

    /// <summary>Creates the head.</summary>
    /// <param name="features">Number of channels of the encoder's features.</param>
    /// <returns>The head; the caller owns it.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public abstract IProjectionHead Create(int features);

    private sealed record TclrHead(int Hidden = 512, int Embedding = 128) : HeadRecipe
    {
        public override IProjectionHead Create(int features) => ProjectionHeads.Tclr(features, Hidden, Embedding);
    }

    private sealed record SimClrHead(int Hidden = 512, int Embedding = 128) : HeadRecipe
    {
        public override IProjectionHead Create(int features) => ProjectionHeads.SimClr(features, Hidden, Embedding);
    }

    private sealed record CvrlHead(int Hidden = 2048, int Embedding = 128) : HeadRecipe
    {
        public override IProjectionHead Create(int features) => ProjectionHeads.Cvrl(features, Hidden, Embedding);
    }

    private sealed record DualVarClipHead(int Hidden = 512, int Embedding = 128) : HeadRecipe
    {
        public override IProjectionHead Create(int features) => ProjectionHeads.DualVarClip(features, Hidden, Embedding);
    }

    private sealed record DualVarSeriesHead(int Hidden = 512, int Segments = 2, int Embedding = 64) : HeadRecipe
    {
        public override IProjectionHead Create(int features) => ProjectionHeads.DualVarSeries(features, Hidden, Segments, Embedding);
    }
}
