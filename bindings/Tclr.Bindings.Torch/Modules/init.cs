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

            /// <summary>Uniform values with variance 2 gain^2 / (fan in + fan out) (Glorot and Bengio, 2010).</summary>
            /// <param name="tensor">The weights, changed in place.</param>
            /// <param name="gain">Factor of the deviation.</param>
            /// <returns>The weights.</returns>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                long[] shape = tensor.shape;
                long field = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
                double bound = gain * Math.Sqrt(6.0 / (field * (shape[0] + shape[1])));
                using (no_grad())
                {
                    return Operators.UniformInPlace.CallInPlace(tensor, -bound, bound);
                }
            }

            /// <summary>Normal values without those outside of two bounds.</summary>
            /// <param name="tensor">The weights, changed in place.</param>
            /// <param name="mean">Mean of the whole distribution.</param>
            /// <param name="std">Deviation of the whole distribution.</param>
            /// <param name="a">The lower bound.</param>
            /// <param name="b">The upper bound.</param>
            /// <param name="generator">Must be null: the default generator is used.</param>
            /// <returns>The weights.</returns>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null)
            {
                using var scope = NewDisposeScope();
                using var mode = no_grad();

                // Uniform values between the bounds of erf(x / (std sqrt 2)), and back by its inverse.
                var bounds = Operators.Erf.Call(torch.tensor((double[])[(a - mean) / (std * Math.Sqrt(2)), (b - mean) / (std * Math.Sqrt(2))]));
                double low = bounds.select(0, 0).ToDouble(), high = bounds.select(0, 1).ToDouble();
                Operators.UniformInPlace.CallInPlace(tensor, low, high);
                Operators.ErfinvInPlace.CallInPlace(tensor);
                tensor.mul_(std * Math.Sqrt(2)).add_(mean);
                return Operators.ClampInPlace.CallInPlace(tensor, a, b);
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
