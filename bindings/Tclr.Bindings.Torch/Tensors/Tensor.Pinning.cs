using TorchSharp.Interop;

namespace TorchSharp;

/// <content>Page-locked memory.</content>
public static partial class torch
{
    /// <content>Page-locked memory.</content>
    public partial class Tensor
    {
        /// <summary>A copy in page-locked memory, which a GPU can fetch by itself; needs CUDA.</summary>
        /// <returns>A new tensor object.</returns>
        public Tensor pin_memory() => Operators.PinMemory.Call(this);
    }
}
