namespace Tclr.Core;

/// <summary>The encoder's precision. Head, losses, batch statistics and optimizer are always float32.</summary>
public enum TrainingPrecision
{
    /// <summary>float32 on a CPU. On a GPU, passes are timed when the trainer is built; another precision is chosen if it is at least 10 % faster.</summary>
    Automatic,

    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>TF32 (10 bits of mantissa in products) in convolutions, on NVIDIA GPUs from Ampere on; elsewhere <see cref="Float32"/>.</summary>
    TensorFloat32,

    /// <summary>bfloat16 weights and activations in convolutions and linear layers, with float32 master weights.</summary>
    BFloat16,
}
