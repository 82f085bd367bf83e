using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    using static TorchSharp.torch;

    /// <summary>A convolution.</summary>
    public abstract class Convolution : nn.Module<Tensor, Tensor>
    {
        private protected Convolution(string name)
            : base(name)
        {
        }

        /// <summary>The kernels.</summary>
        public abstract Parameter weight { get; set; }

        /// <summary>The biases, or null.</summary>
        public abstract Parameter? bias { get; set; }
    }

    /// <summary>A convolution over time, height and width.</summary>
    public sealed class Conv3d : Convolution
    {
        private readonly long[] stride;
        private readonly long[] padding;
        private readonly long[] dilation;
        private readonly long groups;

        [Utils.ComponentName(Name = "weight")]
        private Parameter kernels;

        [Utils.ComponentName(Name = "bias")]
        private Parameter? biases;

        internal Conv3d(long inputs, long outputs, long[] kernel, long[] stride, long[] padding, long[] dilation, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(Conv3d))
        {
            (this.stride, this.padding, this.dilation, this.groups) = (stride, padding, dilation, groups);
            long fan = inputs / groups * kernel[0] * kernel[1] * kernel[2];
            kernels = nn.init.Uniform([outputs, inputs / groups, .. kernel], fan, dtype, device);
            biases = bias ? nn.init.Uniform([outputs], fan, dtype, device) : null;
            RegisterComponents();
        }

        /// <inheritdoc/>
        public override Parameter weight
        {
            get => kernels;
            set => register_parameter(nameof(weight), kernels = value);
        }

        /// <inheritdoc/>
        public override Parameter? bias
        {
            get => biases;
            set => register_parameter(nameof(bias), biases = value!);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => Operators.Conv3d.Call(input, kernels, biases, stride, padding, dilation, groups);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A convolution over <c>[N, C, T, H, W]</c>.</summary>
            /// <param name="in_channels">Channels of the input.</param>
            /// <param name="out_channels">Channels of the output.</param>
            /// <param name="kernel_size">Extent in time, height and width.</param>
            /// <param name="stride">Step in time, height and width; 1 if null.</param>
            /// <param name="padding">Zeros on each side; none if null.</param>
            /// <param name="dilation">Distance of the kernel's elements; 1 if null.</param>
            /// <param name="padding_mode">How to pad.</param>
            /// <param name="groups">Groups of channels.</param>
            /// <param name="bias">Whether to add biases.</param>
            /// <param name="device">Where to put the weights; the processor if null.</param>
            /// <param name="dtype">Type of the weights; single precision if null.</param>
            /// <returns>The module.</returns>
            public static Conv3d Conv3d(long in_channels, long out_channels, (long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null)
                => padding_mode == PaddingModes.Zeros
                    ? new(in_channels, out_channels, Triple(kernel_size), Triple(stride ?? (1, 1, 1)), Triple(padding ?? (0, 0, 0)), Triple(dilation ?? (1, 1, 1)), groups, bias, device, dtype)
                    : throw new NotSupportedException($"Conv3d: only padding with {PaddingModes.Zeros} is in the system backend, got {padding_mode}");

            private static long[] Triple((long, long, long) values) => [values.Item1, values.Item2, values.Item3];
        }
    }

    /// <summary>How to pad.</summary>
    public enum PaddingModes
    {
        /// <summary>With zeros.</summary>
        Zeros = 0,

        /// <summary>With the elements next to the border, mirrored.</summary>
        Reflect = 1,

        /// <summary>With the elements at the border.</summary>
        Replicate = 2,

        /// <summary>With the elements at the other border.</summary>
        Circular = 3,

        /// <summary>With a constant.</summary>
        Constant = 4,
    }
}
