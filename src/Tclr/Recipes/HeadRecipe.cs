using Tclr.Models;

namespace Tclr;

/// <summary>Whose projection head.</summary>
public enum HeadKind
{
    /// <summary>Linear, normalisation, ReLU, linear, normalisation: the authors' code of TCLR.</summary>
    Tclr,

    /// <summary>Linear, ReLU, linear: SimCLR, and the paper of TCLR.</summary>
    SimClr,

    /// <summary>Three hidden layers with normalisation: CVRL.</summary>
    Cvrl,
}

/// <summary>Which projection head.</summary>
public sealed record HeadRecipe
{
    /// <summary>Whose.</summary>
    /// <value>The default value is <see cref="HeadKind.Tclr"/>.</value>
    public HeadKind Kind { get; init; } = HeadKind.Tclr;

    /// <summary>Width of the hidden layers.</summary>
    /// <value>1 or more. The default value is 512.</value>
    public int Hidden { get; init; } = 512;

    /// <summary>Length of an embedding.</summary>
    /// <value>1 or more. The default value is 128.</value>
    public int Embedding { get; init; } = 128;

    /// <summary>Makes the head.</summary>
    /// <param name="features">Channels of the encoder's features.</param>
    /// <returns>The head; the caller owns it.</returns>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public ProjectionHead Create(int features) => Kind switch
    {
        HeadKind.Tclr => ProjectionHeads.Tclr(features, Hidden, Embedding),
        HeadKind.SimClr => ProjectionHeads.SimClr(features, Hidden, Embedding),
        HeadKind.Cvrl => ProjectionHeads.Cvrl(features, Hidden, Embedding),
        _ => throw RecipeChoice.Unknown(Kind),
    };
}
