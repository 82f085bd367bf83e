using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Random numbers of the processor.</summary>
    public static class random
    {
        /// <summary>The state of the generator.</summary>
        /// <returns>A new tensor of bytes.</returns>
        public static Tensor get_rng_state()
        {
            Native.Check(Native.tclr_random_state(out nint state));
            return Tensor.FromHandle(state);
        }

        /// <summary>Sets the generator to a state.</summary>
        /// <param name="new_state">What <see cref="get_rng_state"/> gave.</param>
        public static void set_rng_state(Tensor new_state)
        {
            ArgumentNullException.ThrowIfNull(new_state);
            Native.Check(Native.tclr_set_random_state(new_state.Handle));
            GC.KeepAlive(new_state);
        }
    }
}
