using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Initialisation of weights, in place.</summary>
        public static class init
        {
            /// <summary>Which side of a layer counts.</summary>
            public enum FanInOut
            {
                /// <summary>Its inputs.</summary>
                FanIn = 0,

                /// <summary>Its outputs.</summary>
                FanOut = 1,
            }

            /// <summary>What follows a layer.</summary>
            public enum NonlinearityType
            {
                /// <summary>The positive part.</summary>
                ReLU = 9,

                /// <summary>The positive part and a fraction of the negative one.</summary>
                LeakyReLU = 10,
            }

            /// <summary>Normal values with variance gain^2 / fan (He et al., 2015).</summary>
            /// <param name="tensor">The weights, changed in place.</param>
            /// <param name="a">Negative slope of a leaky ReLU.</param>
            /// <param name="mode">Which side of the layer counts.</param>
            /// <param name="nonlinearity">What follows the layer.</param>
            /// <returns>The weights.</returns>
            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                long[] shape = tensor.shape;
                long field = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
                long fan = field * (mode == FanInOut.FanIn ? shape[1] : shape[0]);
                double gain = Math.Sqrt(nonlinearity == NonlinearityType.ReLU ? 2 : 2 / (1 + (a * a)));
                using (no_grad())
                {
                    return Operators.NormalInPlace.CallInPlace(tensor, 0.0, gain / Math.Sqrt(fan));
                }
            }

            /// <summary>PyTorch's default for weights and biases: uniform within 1 / sqrt(fan).</summary>
            internal static Parameter Uniform(long[] shape, long fan, ScalarType? dtype, Device? device)
            {
                var values = empty(shape, dtype, device);
                double bound = 1 / Math.Sqrt(fan);
                Operators.UniformInPlace.CallInPlace(values, -bound, bound);
                return (Parameter)new Parameter(values).DetachFromDisposeScope();
            }
        }
    }
}
