namespace Tclr.Core;

/// <summary>In which precision the encoder computes. Head, losses, statistics and optimizer are float32 in any case.</summary>
public enum TrainingPrecision
{
    /// <summary>float32 on a processor; on a GPU what <see cref="PrecisionProbe"/> finds fastest when the trainer is built.</summary>
    Automatic,

    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>float32 whose products have 10 bits of mantissa, on NVIDIA GPUs from Ampere on; elsewhere as <see cref="Float32"/>.</summary>
    TensorFloat32,

    /// <summary>bfloat16 weights and activations of convolutions and linear layers, with float32 masters that the optimizer updates.</summary>
    BFloat16,
}
