namespace Tclr.Core;

/// <summary>The momentum encoder: an exponential moving average of the weights of encoder and heads, as in MoCo and BYOL.</summary>
/// <remarks>
/// Before each step, <c>target = m * target + (1 - m) * weights</c>. The running statistics of batch normalization are the momentum
/// encoder's own where it encodes views, and copies of the trained encoder's where it only averages weights.
/// Source: He et al., "Momentum Contrast for Unsupervised Visual Representation Learning" (2020), equation 2.
/// </remarks>
public sealed record MomentumOptions
{
    /// <summary>The momentum <c>m</c>, or its value at the start of a cosine schedule.</summary>
    /// <value>0 or more, below 1. The default value is 0.999.</value>
    public double Momentum { get; init; } = 0.999;

    /// <summary>Whether the momentum rises to 1 at the end of the run: <c>1 - (1 - m) (cos(pi step / steps) + 1) / 2</c>, as in BYOL.</summary>
    /// <value>The default value is <see langword="false"/>: constant.</value>
    public bool Cosine { get; init; }

    internal double At(long step, long steps) => Cosine ? 1 - ((1 - Momentum) * (Math.Cos(Math.PI * step / steps) + 1) / 2) : Momentum;

    internal void Check(OptionChecker check) => check.Require(Momentum is >= 0 and < 1, Momentum, "0 or more, below 1", "WithMomentumEncoder: Momentum");
}
