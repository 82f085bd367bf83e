using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    using static TorchSharp.torch;

    /// <summary>The positive part.</summary>
    public sealed class ReLU : nn.Module<Tensor, Tensor>
    {
        private readonly bool inplace;

        internal ReLU(bool inplace)
            : base(nameof(ReLU)) => this.inplace = inplace;

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => inplace ? input.relu_().alias() : input.relu();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>The positive part.</summary>
            /// <param name="inplace">Whether the input is changed instead of copied.</param>
            /// <returns>The module.</returns>
            public static ReLU ReLU(bool inplace = false) => new(inplace);
        }
    }
}
