namespace Tclr.Losses;

/// <summary>How a loss is computed. All kernels give the same values and gradients, up to rounding.</summary>
public enum LossKernel
{
    /// <summary><see cref="Fused"/> on a CPU where it applies, otherwise <see cref="Batched"/>.</summary>
    Automatic,

    /// <summary>
    /// Operators of torch on whole matrices of similarities, recorded for backward, on any device; their number does not
    /// depend on the batch. The way to second derivatives.
    /// </summary>
    Batched,

    /// <summary>
    /// On a CPU: matrix products on panels of similarities, and one pass over each that leaves value and gradient at
    /// once. The whole matrix is never held, and backward only scales. First derivatives only; a mean or a sum.
    /// </summary>
    Fused,
}
