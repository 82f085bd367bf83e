using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    using static TorchSharp.torch;

    /// <summary>The positive part.</summary>
    public sealed class ReLU : nn.Module<Tensor, Tensor>
    {
        internal ReLU()
            : base(nameof(ReLU))
        {
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => input.relu();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>The positive part.</summary>
            /// <param name="inplace">Has no effect on the result.</param>
            /// <returns>The module.</returns>
            public static ReLU ReLU(bool inplace = false) => new();
        }
    }
}
