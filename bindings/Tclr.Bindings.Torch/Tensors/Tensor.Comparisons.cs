using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Comparisons, and writing to chosen places.
    public partial class Tensor
    {
        /// <summary>Compares element by element.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>Where this is greater than or equal to it.</returns>
        public Tensor ge(Tensor target) => Operators.GeTensor.Call(this, target);

        /// <summary>Compares with a number.</summary>
        /// <param name="target">The number.</param>
        /// <returns>Where this is greater than or equal to it.</returns>
        public Tensor ge(Scalar target) => Operators.GeScalar.Call(this, target);

        /// <summary>Compares element by element.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>Where this is less than it.</returns>
        public Tensor lt(Tensor target) => Operators.LtTensor.Call(this, target);

        /// <summary>Compares with a number.</summary>
        /// <param name="target">The number.</param>
        /// <returns>Where this is less than it.</returns>
        public Tensor lt(Scalar target) => Operators.LtScalar.Call(this, target);

        /// <summary>Writes slices to places along a dimension, in place.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="index">Places, 64-bit integers.</param>
        /// <param name="source">A slice for each.</param>
        /// <returns>This tensor.</returns>
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Operators.IndexCopyInPlace.CallInPlace(this, dim, index, source);
    }
}
