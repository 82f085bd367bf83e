using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Helpers for parameters.</summary>
        public static class utils
        {
            private const double Margin = 1e-6;

            /// <summary>Scales all gradients so that their common norm is at most a bound (Pascanu et al., 2013).</summary>
            /// <param name="tensors">The parameters; those without a gradient do not count.</param>
            /// <param name="max_norm">The bound.</param>
            /// <param name="norm_type">Order of the norm; infinity for the largest absolute value.</param>
            /// <returns>The norm before.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var mode = no_grad();
                using var scope = NewDisposeScope();
                Tensor[] gradients = [.. tensors.Select(parameter => parameter.grad).OfType<Tensor>()];
                if (gradients.Length == 0)
                {
                    return 0;
                }

                var norms = stack([.. gradients.Select(gradient => Operators.NormScalar.Call(gradient, norm_type))]);
                var total = Operators.NormScalar.Call(norms, norm_type);
                var factor = (max_norm / (total + Margin)).clamp(max: 1.0);
                foreach (var gradient in gradients)
                {
                    gradient.mul_(factor);
                }

                return total.ToDouble();
            }
        }
    }
}
