using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // One line per operator: the official signature, and the dispatcher's operator behind it.
    public partial class Tensor
    {
        /// <summary>Sum with a tensor.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>A new tensor.</returns>
        public Tensor add(Tensor target) => Operators.AddTensor.Call(this, target);

        /// <summary>Sum with a multiple of a tensor.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <param name="alpha">Factor of the other operand.</param>
        /// <returns>A new tensor.</returns>
        public Tensor add(Tensor target, Scalar alpha) => Operators.AddTensor.Call(this, target, alpha);

        /// <summary>Sum with a number.</summary>
        /// <param name="scalar">The number.</param>
        /// <returns>A new tensor.</returns>
        public Tensor add(Scalar scalar) => Operators.AddScalar.Call(this, scalar);

        /// <summary>Adds a tensor in place.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>This tensor.</returns>
        public Tensor add_(Tensor target) => Operators.AddInPlaceTensor.CallInPlace(this, target);

        /// <summary>Adds a multiple of a tensor in place.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <param name="alpha">Factor of the other operand.</param>
        /// <returns>This tensor.</returns>
        public Tensor add_(Tensor target, Scalar alpha) => Operators.AddInPlaceTensor.CallInPlace(this, target, alpha);

        /// <summary>Adds a number in place.</summary>
        /// <param name="scalar">The number.</param>
        /// <returns>This tensor.</returns>
        public Tensor add_(Scalar scalar) => Operators.AddInPlaceScalar.CallInPlace(this, scalar);

        /// <summary>Difference with a tensor.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>A new tensor.</returns>
        public Tensor sub(Tensor target) => Operators.SubTensor.Call(this, target);

        /// <summary>Difference with a number.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>A new tensor.</returns>
        public Tensor sub(Scalar target) => Operators.SubScalar.Call(this, target);

        /// <summary>Subtracts a tensor in place.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>This tensor.</returns>
        public Tensor sub_(Tensor target) => Operators.SubInPlaceTensor.CallInPlace(this, target);

        /// <summary>Product with a tensor.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>A new tensor.</returns>
        public Tensor mul(Tensor target) => Operators.MulTensor.Call(this, target);

        /// <summary>Product with a number.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>A new tensor.</returns>
        public Tensor mul(Scalar target) => Operators.MulScalar.Call(this, target);

        /// <summary>Multiplies in place.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>This tensor.</returns>
        public Tensor mul_(Tensor target) => Operators.MulInPlaceTensor.CallInPlace(this, target);

        /// <summary>Multiplies by a number in place.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>This tensor.</returns>
        public Tensor mul_(Scalar target) => Operators.MulInPlaceScalar.CallInPlace(this, target);

        /// <summary>Adds a multiple of a product in place.</summary>
        /// <param name="tensor1">The first tensor.</param>
        /// <param name="tensor2">The second tensor.</param>
        /// <param name="value">The number to set.</param>
        /// <returns>This tensor.</returns>
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Operators.AddcmulInPlace.CallInPlace(this, tensor1, tensor2, value);

        /// <summary>Adds a multiple of a quotient in place.</summary>
        /// <param name="tensor1">The first tensor.</param>
        /// <param name="tensor2">The second tensor.</param>
        /// <param name="value">The number to set.</param>
        /// <returns>This tensor.</returns>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Operators.AddcdivInPlace.CallInPlace(this, tensor1, tensor2, value);

        /// <summary>Negation.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor neg() => Operators.Neg.Call(this);

        /// <summary>Absolute value.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor abs() => Operators.Abs.Call(this);

        /// <summary>Exponential.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor exp() => Operators.Exp.Call(this);

        /// <summary>Natural logarithm.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor log() => Operators.Log.Call(this);

        /// <summary>Square root.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor sqrt() => Operators.Sqrt.Call(this);

        /// <summary>Positive part.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor relu() => Operators.Relu.Call(this);

        /// <summary>Keeps the positive part in place.</summary>
        /// <returns>This tensor.</returns>
        public Tensor relu_() => Operators.ReluInPlace.CallInPlace(this);

        /// <summary>Logistic function <c>1 / (1 + exp(-x))</c>.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor sigmoid() => Operators.Sigmoid.Call(this);

        /// <summary>Exponentials that sum to 1 over a dimension.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="dtype">Type of the result; that of the tensor if null.</param>
        /// <returns>A new tensor.</returns>
        public Tensor softmax(long dim, ScalarType? dtype = null) => Operators.Softmax.Call(this, dim, dtype);

        /// <summary>Power.</summary>
        /// <param name="exponent">The exponent.</param>
        /// <returns>A new tensor.</returns>
        public Tensor pow(Scalar exponent) => Operators.PowTensorScalar.Call(this, exponent);

        /// <summary>Limits each element.</summary>
        /// <param name="min">The smallest value, or null.</param>
        /// <param name="max">The largest value, or null.</param>
        /// <returns>A new tensor.</returns>
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Operators.Clamp.Call(this, min, max);

        /// <summary>Whether each element is finite.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor isfinite() => Operators.Isfinite.Call(this);

        /// <summary>Sum of all elements.</summary>
        /// <param name="type">Type to compute in; null for the type of the elements.</param>
        /// <returns>A new tensor.</returns>
        public Tensor sum(ScalarType? type = null) => Operators.Sum.Call(this, type);

        /// <summary>Sum over a dimension.</summary>
        /// <param name="dim">The dimension; negative ones count from the end.</param>
        /// <param name="keepdim">Whether to keep the dimension with size 1.</param>
        /// <param name="type">Type to compute in; null for the type of the elements.</param>
        /// <returns>A new tensor.</returns>
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Operators.SumDimIntList.Call(this, new[] { dim }, keepdim, type);

        /// <summary>Mean of all elements.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor mean() => Operators.Mean.Call(this);

        /// <summary>Mean over dimensions.</summary>
        /// <param name="dimensions">The dimensions.</param>
        /// <param name="keepdim">Whether to keep the dimension with size 1.</param>
        /// <param name="type">Type to compute in; null for the type of the elements.</param>
        /// <returns>A new tensor.</returns>
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Operators.MeanDim.Call(this, dimensions, keepdim, type);

        /// <summary>Standard deviation over a dimension.</summary>
        /// <param name="dim">The dimension; negative ones count from the end.</param>
        /// <param name="unbiased">Whether to divide by n - 1.</param>
        /// <param name="keepdim">Whether to keep the dimension with size 1.</param>
        /// <param name="type">Type to compute in; null for the type of the elements.</param>
        /// <returns>A new tensor.</returns>
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Operators.StdDim.Call((type is null ? this : to(type.Value)), new[] { dim }, unbiased, keepdim);

        /// <summary>Norm over a dimension.</summary>
        /// <param name="dim">The dimension; negative ones count from the end.</param>
        /// <param name="keepdim">Whether to keep the dimension with size 1.</param>
        /// <param name="p">Order of the norm.</param>
        /// <returns>A new tensor.</returns>
        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Operators.NormScalarOptDim.Call(this, (double)p, new[] { (long)dim }, keepdim);

        /// <summary>Norm of all elements.</summary>
        /// <param name="p">Order of the norm.</param>
        /// <returns>A new tensor.</returns>
        public Tensor norm(float p = 2) => Operators.NormScalar.Call(this, (double)p);

        /// <summary>The largest element.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor max() => Operators.Max.Call(this);

        /// <summary>The smallest element.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor min() => Operators.Min.Call(this);

        /// <summary>Index of the largest element over a dimension.</summary>
        /// <param name="dim">The dimension; negative ones count from the end.</param>
        /// <param name="keepdim">Whether to keep the dimension with size 1.</param>
        /// <returns>A new tensor.</returns>
        public Tensor argmax(long dim, bool keepdim = false) => Operators.Argmax.Call(this, dim, keepdim);

        /// <summary>Whether all elements are true.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor all() => Operators.All.Call(this);

        /// <summary>Logarithm of the sum of exponentials over a dimension, without overflow.</summary>
        /// <param name="dim">The dimension; negative ones count from the end.</param>
        /// <param name="keepdim">Whether to keep the dimension with size 1.</param>
        /// <returns>A new tensor.</returns>
        public Tensor logsumexp(long dim, bool keepdim = false) => Operators.Logsumexp.Call(this, new[] { dim }, keepdim);

        /// <summary>The same memory in another shape.</summary>
        /// <param name="shape">The new shape; one size may be -1.</param>
        /// <returns>A new tensor.</returns>
        public Tensor view(params long[] shape) => Operators.View.Call(this, shape);

        /// <summary>Another shape, a view where possible.</summary>
        /// <param name="shape">The new shape; one size may be -1.</param>
        /// <returns>A new tensor.</returns>
        public Tensor reshape(params long[] shape) => Operators.Reshape.Call(this, shape);

        /// <summary>A view with the dimensions in another order.</summary>
        /// <param name="permutation">The old dimension of each new one.</param>
        /// <returns>A new tensor.</returns>
        public Tensor permute(params long[] permutation) => Operators.Permute.Call(this, permutation);

        /// <summary>A view with two dimensions swapped.</summary>
        /// <param name="dim0">A dimension.</param>
        /// <param name="dim1">Another dimension.</param>
        /// <returns>A new tensor.</returns>
        public Tensor transpose(long dim0, long dim1) => Operators.TransposeInt.Call(this, dim0, dim1);

        /// <summary>The transposed matrix, a view.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor t() => Operators.T.Call(this);

        /// <summary>A view of a range of a dimension.</summary>
        /// <param name="dim">The dimension; negative ones count from the end.</param>
        /// <param name="start">The first index.</param>
        /// <param name="length">How many.</param>
        /// <returns>A new tensor.</returns>
        public Tensor narrow(long dim, long start, long length) => Operators.Narrow.Call(this, dim, start, length);

        /// <summary>A view of one index of a dimension.</summary>
        /// <param name="dim">The dimension; negative ones count from the end.</param>
        /// <param name="index">The index.</param>
        /// <returns>A new tensor.</returns>
        public Tensor select(long dim, long index) => Operators.SelectInt.Call(this, dim, index);

        /// <summary>A view with a new dimension of size 1.</summary>
        /// <param name="dim">The dimension; negative ones count from the end.</param>
        /// <returns>A new tensor.</returns>
        public Tensor unsqueeze(long dim) => Operators.Unsqueeze.Call(this, dim);

        /// <summary>A view with dimensions of size 1 repeated.</summary>
        /// <param name="sizes">The new sizes; -1 keeps one.</param>
        /// <returns>A new tensor.</returns>
        public Tensor expand(params long[] sizes) => Operators.Expand.Call(this, sizes);

        /// <summary>Joins dimensions.</summary>
        /// <param name="start_dim">The first dimension to join.</param>
        /// <param name="end_dim">The last dimension to join.</param>
        /// <returns>A new tensor.</returns>
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Operators.FlattenUsingInts.Call(this, start_dim, end_dim);

        /// <summary>The tensor in the order of its indices.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor contiguous() => Operators.Contiguous.Call(this);

        /// <summary>A copy.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor clone() => Operators.Clone.Call(this);

        /// <summary>The same memory without gradient.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor detach() => Operators.Detach.Call(this);

        /// <summary>A view of the whole tensor.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor alias() => Operators.Alias.Call(this);

        /// <summary>The tensor in the memory of the processor.</summary>
        /// <returns>A new tensor.</returns>
        public Tensor cpu() => Operators.ToDevice.Call(this, CPU, dtype);

        /// <summary>Chosen indices of a dimension.</summary>
        /// <param name="dim">The dimension; negative ones count from the end.</param>
        /// <param name="index">The index.</param>
        /// <returns>A new tensor.</returns>
        public Tensor index_select(long dim, Tensor index) => Operators.IndexSelect.Call(this, dim, index);

        /// <summary>A copy with dimensions in reverse.</summary>
        /// <param name="dims">The dimensions.</param>
        /// <returns>A new tensor.</returns>
        public Tensor flip(params long[] dims) => Operators.Flip.Call(this, dims);

        /// <summary>A view of diagonals.</summary>
        /// <param name="offset">Which diagonal.</param>
        /// <param name="dim1">Another dimension.</param>
        /// <param name="dim2">Another dimension.</param>
        /// <returns>A new tensor.</returns>
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Operators.Diagonal.Call(this, offset, dim1, dim2);

        /// <summary>The elements where a mask is true.</summary>
        /// <param name="mask">The mask.</param>
        /// <returns>A new vector.</returns>
        public Tensor masked_select(Tensor mask) => Operators.MaskedSelect.Call(this, mask);

        /// <summary>A copy with a number where the mask is true.</summary>
        /// <param name="mask">Where to set.</param>
        /// <param name="value">The number to set.</param>
        /// <returns>A new tensor.</returns>
        public Tensor masked_fill(Tensor mask, Scalar value) => Operators.MaskedFillScalar.Call(this, mask, value);

        /// <summary>Sum of the products of two vectors' elements.</summary>
        /// <param name="target">The other vector.</param>
        /// <returns>A scalar.</returns>
        public Tensor dot(Tensor target) => Operators.Dot.Call(this, target);

        /// <summary>Matrix product.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>A new tensor.</returns>
        public Tensor mm(Tensor target) => Operators.Mm.Call(this, target);

        /// <summary>Products of pairs of matrices.</summary>
        /// <param name="batch2">The right matrices.</param>
        /// <returns>A new tensor.</returns>
        public Tensor bmm(Tensor batch2) => Operators.Bmm.Call(this, batch2);

        /// <summary>Whether elements are equal.</summary>
        /// <param name="target">The other operand, broadcast.</param>
        /// <returns>A new tensor.</returns>
        public Tensor eq(Tensor target) => Operators.EqTensor.Call(this, target);

        /// <summary>Copies a tensor into this one.</summary>
        /// <param name="source">What to copy, broadcast.</param>
        /// <param name="nonBlocking">Whether the host may go on before the copy is done.</param>
        /// <returns>This tensor.</returns>
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Operators.CopyInPlace.CallInPlace(this, source, nonBlocking);

        /// <summary>Sets all elements.</summary>
        /// <param name="value">The number to set.</param>
        /// <returns>This tensor.</returns>
        public Tensor fill_(Scalar value) => Operators.FillInPlaceScalar.CallInPlace(this, value);

        /// <summary>Sets all elements to 0.</summary>
        /// <returns>This tensor.</returns>
        public Tensor zero_() => Operators.ZeroInPlace.CallInPlace(this);

        /// <summary>The largest elements over a dimension and where they are.</summary>
        /// <param name="dim">The dimension; negative ones count from the end.</param>
        /// <param name="keepdim">Whether to keep the dimension with size 1.</param>
        /// <returns>The values and their indices.</returns>
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Operators.MaxDim.CallForTwo(this, dim, keepdim);

        /// <summary>The largest (or smallest) elements over a dimension and where they are.</summary>
        /// <param name="k">How many.</param>
        /// <param name="dim">The dimension; negative ones count from the end.</param>
        /// <param name="largest">Largest or smallest.</param>
        /// <param name="sorted">Whether in order.</param>
        /// <returns>The values and their indices.</returns>
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
            => Operators.Topk.CallForTwo(this, (long)k, (long)dim, largest, sorted);

        /// <summary>Whether all elements are close: <c>|a - b| &lt;= atol + rtol |b|</c>.</summary>
        /// <param name="target">The other tensor.</param>
        /// <param name="rtol">Relative tolerance.</param>
        /// <param name="atol">Absolute tolerance.</param>
        /// <param name="equal_nan">Whether NaN equals NaN.</param>
        /// <returns>True if all are.</returns>
        public bool allclose(Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false)
            => Operators.Allclose.CallForBoolean(this, target, rtol, atol, equal_nan);
    }
}
