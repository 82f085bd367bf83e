using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Sum, element by element, with broadcasting.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        /// <summary>Sum of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator +(Tensor left, double right) => left.add((Scalar)right);

        /// <summary>Sum of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator +(Tensor left, float right) => left.add((Scalar)right);

        /// <summary>Sum of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator +(Tensor left, long right) => left.add((Scalar)right);

        /// <summary>Sum of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator +(Tensor left, int right) => left.add((Scalar)right);

        /// <summary>Sum of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator +(double left, Tensor right) => right.add((Scalar)left);

        /// <summary>Sum of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator +(float left, Tensor right) => right.add((Scalar)left);

        /// <summary>Sum of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator +(long left, Tensor right) => right.add((Scalar)left);

        /// <summary>Sum of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator +(int left, Tensor right) => right.add((Scalar)left);

        /// <summary>Difference, element by element, with broadcasting.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        /// <summary>Difference of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator -(Tensor left, double right) => left.sub((Scalar)right);

        /// <summary>Difference of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator -(Tensor left, float right) => left.sub((Scalar)right);

        /// <summary>Difference of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator -(Tensor left, long right) => left.sub((Scalar)right);

        /// <summary>Difference of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator -(Tensor left, int right) => left.sub((Scalar)right);

        /// <summary>Difference of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator -(double left, Tensor right) => Operators.Rsub.Call(right, (Scalar)left);

        /// <summary>Difference of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator -(float left, Tensor right) => Operators.Rsub.Call(right, (Scalar)left);

        /// <summary>Difference of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator -(long left, Tensor right) => Operators.Rsub.Call(right, (Scalar)left);

        /// <summary>Difference of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator -(int left, Tensor right) => Operators.Rsub.Call(right, (Scalar)left);

        /// <summary>Product, element by element, with broadcasting.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        /// <summary>Product of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator *(Tensor left, double right) => left.mul((Scalar)right);

        /// <summary>Product of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator *(Tensor left, float right) => left.mul((Scalar)right);

        /// <summary>Product of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator *(Tensor left, long right) => left.mul((Scalar)right);

        /// <summary>Product of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator *(Tensor left, int right) => left.mul((Scalar)right);

        /// <summary>Product of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator *(double left, Tensor right) => right.mul((Scalar)left);

        /// <summary>Product of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator *(float left, Tensor right) => right.mul((Scalar)left);

        /// <summary>Product of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator *(long left, Tensor right) => right.mul((Scalar)left);

        /// <summary>Product of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator *(int left, Tensor right) => right.mul((Scalar)left);

        /// <summary>Quotient, element by element, with broadcasting.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator /(Tensor left, Tensor right) => Operators.DivTensor.Call(left, right);

        /// <summary>Quotient of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator /(Tensor left, double right) => Operators.DivScalar.Call(left, (Scalar)right);

        /// <summary>Quotient of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator /(Tensor left, float right) => Operators.DivScalar.Call(left, (Scalar)right);

        /// <summary>Quotient of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator /(Tensor left, long right) => Operators.DivScalar.Call(left, (Scalar)right);

        /// <summary>Quotient of each element with a number.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator /(Tensor left, int right) => Operators.DivScalar.Call(left, (Scalar)right);

        /// <summary>Quotient of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator /(double left, Tensor right) => Quotient(left, right);

        /// <summary>Quotient of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator /(float left, Tensor right) => Quotient(left, right);

        /// <summary>Quotient of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator /(long left, Tensor right) => Quotient(left, right);

        /// <summary>Quotient of a number with each element.</summary>
        /// <param name="left">The left operand.</param>
        /// <param name="right">The right operand.</param>
        public static Tensor operator /(int left, Tensor right) => Quotient(left, right);

        /// <summary>Negation of each element.</summary>
        /// <param name="tensor">The operand.</param>
        public static Tensor operator -(Tensor tensor) => tensor.neg();

        private static Tensor Quotient(Scalar left, Tensor right)
        {
            using var reciprocal = Operators.Reciprocal.Call(right);
            return reciprocal.mul(left);
        }
    }
}
