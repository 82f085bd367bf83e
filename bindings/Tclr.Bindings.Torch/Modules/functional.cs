using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What layers compute, as functions.</summary>
        public static class functional
        {
            /// <summary>Divides by the norm over a dimension.</summary>
            /// <param name="input">The tensor.</param>
            /// <param name="p">Order of the norm.</param>
            /// <param name="dim">The dimension.</param>
            /// <param name="eps">The smallest divisor.</param>
            /// <returns>A new tensor.</returns>
            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1E-12)
            {
                ArgumentNullException.ThrowIfNull(input);
                using var norm = Operators.NormScalarOptDim.Call(input, p, new[] { dim }, true);
                using var divisor = Operators.ClampMin.Call(norm, eps);
                return input / divisor;
            }

            /// <summary>Cross-entropy of logits.</summary>
            /// <param name="input">Logits <c>[N, C]</c>.</param>
            /// <param name="target">Classes <c>[N]</c>, Int64.</param>
            /// <param name="weight">Weights of the classes.</param>
            /// <param name="ignore_index">A class that does not count.</param>
            /// <param name="reduction">What becomes of the values.</param>
            /// <param name="label_smoothing">The share of the target that goes to all classes.</param>
            /// <returns>A new tensor.</returns>
            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0)
                => Operators.CrossEntropyLoss.Call(input, target, weight, (long)reduction, ignore_index, label_smoothing);

            /// <summary>Adds a border.</summary>
            /// <param name="input">The tensor.</param>
            /// <param name="pad">Width before and after, for the last dimension first.</param>
            /// <param name="mode">How to pad; only with a constant here.</param>
            /// <param name="value">The constant.</param>
            /// <returns>A new tensor.</returns>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => mode == PaddingModes.Constant
                    ? Operators.ConstantPadNd.Call(input, pad, value)
                    : throw new NotSupportedException($"pad: only {PaddingModes.Constant} is in the system backend, got {mode}");
        }
    }
}
