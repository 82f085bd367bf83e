namespace Tclr.Losses;

/// <summary>Implementations of the losses. All give the same values and gradients, up to rounding.</summary>
public enum LossKernel
{
    /// <summary><see cref="Fused"/> on a CPU where it applies, otherwise <see cref="Batched"/>.</summary>
    Automatic,

    /// <summary>
    /// Operators of torch on whole similarity matrices, on any device. The number of operators does not depend on the batch
    /// (<see cref="TclrLoss"/>: until a matrix would have more than 2^28 elements, on a CPU 2^21, and is computed in parts).
    /// The functions of <see cref="Functional"/> support second derivatives; <see cref="TclrLoss"/> computes its gradient with
    /// the value and supports first derivatives only.
    /// </summary>
    Batched,

    /// <summary>
    /// CPU only: computes the upper half of the symmetric similarity matrix in tiles, and the gradient together with the value.
    /// A large matrix is never held as a whole, and backward only scales. First derivatives only; a mean or a sum only.
    /// </summary>
    Fused,
}
