using System.Text.Json.Serialization;
using Tclr.Core;
using Tclr.Losses;

namespace Tclr;

/// <summary>Which loss.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TclrLossRecipe), "tclr")]
[JsonDerivedType(typeof(InstanceContrastiveLossRecipe), "instance_contrastive")]
public abstract record LossRecipe
{
    private protected LossRecipe()
    {
    }

    /// <summary>Makes the loss and says what it weighs.</summary>
    internal abstract (ITemporalContrastiveLoss Loss, double Weight) Create();
}

/// <summary>The loss of TCLR.</summary>
/// <param name="Options">Its terms, weights and temperatures.</param>
public sealed record TclrLossRecipe(TclrLossOptions Options) : LossRecipe
{
    internal override (ITemporalContrastiveLoss Loss, double Weight) Create() => (new TclrLoss(Options), 1);
}

/// <summary>Instance contrast of the global clips, as SimCLR and CVRL.</summary>
/// <param name="Temperature">Divides the similarities: finite and above 0.</param>
/// <param name="Weight">What it weighs; CVRL's adds up both directions, which is 2.</param>
public sealed record InstanceContrastiveLossRecipe(double Temperature = 0.1, double Weight = 1) : LossRecipe
{
    internal override (ITemporalContrastiveLoss Loss, double Weight) Create() => (new InstanceContrastiveLoss(Temperature), Weight);
}
