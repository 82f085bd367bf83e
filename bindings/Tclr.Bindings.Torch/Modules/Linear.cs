using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    using static TorchSharp.torch;

    /// <summary>A linear map of the last dimension.</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        [Utils.ComponentName(Name = "weight")]
        private Parameter matrix;

        [Utils.ComponentName(Name = "bias")]
        private Parameter? biases;

        internal Linear(long inputs, long outputs, bool hasBias, Device? device, ScalarType? dtype)
            : base(nameof(Linear))
        {
            matrix = nn.init.Uniform([outputs, inputs], inputs, dtype, device);
            biases = hasBias ? nn.init.Uniform([outputs], inputs, dtype, device) : null;
            RegisterComponents();
        }

        /// <summary>The matrix <c>[outputs, inputs]</c>.</summary>
        public Parameter weight
        {
            get => matrix;
            set => register_parameter(nameof(weight), matrix = value);
        }

        /// <summary>The biases, or null.</summary>
        public Parameter? bias
        {
            get => biases;
            set => register_parameter(nameof(bias), biases = value!);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => Operators.Linear.Call(input, matrix, biases);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A linear map of the last dimension.</summary>
            /// <param name="inputSize">Size of the input.</param>
            /// <param name="outputSize">Size of the output.</param>
            /// <param name="hasBias">Whether to add biases.</param>
            /// <param name="device">Where to put the weights; the processor if null.</param>
            /// <param name="dtype">Type of the weights; single precision if null.</param>
            /// <returns>The module.</returns>
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null)
                => new(inputSize, outputSize, hasBias, device, dtype);
        }
    }
}
