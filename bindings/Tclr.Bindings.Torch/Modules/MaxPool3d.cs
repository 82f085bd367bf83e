using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    using static TorchSharp.torch;

    /// <summary>The largest value of each window over time, height and width.</summary>
    public sealed class MaxPool3d : nn.Module<Tensor, Tensor>
    {
        private readonly long[] kernel;
        private readonly long[] stride;
        private readonly long[] padding;
        private readonly long[] dilation;
        private readonly bool ceilMode;

        internal MaxPool3d(long[] kernel, long[] stride, long[] padding, long[] dilation, bool ceilMode)
            : base(nameof(MaxPool3d))
            => (this.kernel, this.stride, this.padding, this.dilation, this.ceilMode) = (kernel, stride, padding, dilation, ceilMode);

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => Operators.MaxPool3d.Call(input, kernel, stride, padding, dilation, ceilMode);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>The largest value of each window over <c>[N, C, T, H, W]</c>.</summary>
            /// <param name="kernel_size">Extent in time, height and width.</param>
            /// <param name="stride">Step in time, height and width; the extent if null.</param>
            /// <param name="padding">Padding on each side, which never wins; none if null.</param>
            /// <param name="dilation">Distance of the window's elements; 1 if null.</param>
            /// <param name="ceil_mode">Whether a window may hang over the end.</param>
            /// <returns>The module.</returns>
            public static MaxPool3d MaxPool3d((long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? dilation = null, bool ceil_mode = false)
                => new(Triple(kernel_size), Triple(stride ?? kernel_size), Triple(padding ?? (0, 0, 0)), Triple(dilation ?? (1, 1, 1)), ceil_mode);
        }
    }
}
