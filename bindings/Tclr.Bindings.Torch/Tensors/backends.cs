using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Settings of the libraries below libtorch.</summary>
    public static class backends
    {
        private const int CuBlas = 0;
        private const int CuDnn = 1;

        /// <summary>Settings of CUDA.</summary>
        public static class cuda
        {
            /// <summary>Settings of matrix products.</summary>
            public static class matmul
            {
                /// <summary>Whether products of single precision may round their factors to TF32 (10 bits of mantissa).</summary>
                public static bool allow_tf32
                {
                    get => Native.tclr_tf32(CuBlas) != 0;
                    set => Native.Check(Native.tclr_set_tf32(CuBlas, value ? 1 : 0));
                }
            }
        }

        /// <summary>Settings of cuDNN.</summary>
        public static class cudnn
        {
            /// <summary>Whether convolutions of single precision may round their factors to TF32 (10 bits of mantissa).</summary>
            public static bool allow_tf32
            {
                get => Native.tclr_tf32(CuDnn) != 0;
                set => Native.Check(Native.tclr_set_tf32(CuDnn, value ? 1 : 0));
            }
        }
    }
}
