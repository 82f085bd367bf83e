namespace Tclr.Models;

/// <summary>Encoders by name.</summary>
public static class VideoEncoders
{
    /// <summary>A small 3D residual network that learns on a CPU within seconds, for first steps and tests.</summary>
    /// <remarks>
    /// 221,752 parameters. Stem 3 to 8 channels, kernel 3x3x3, stride (1, 2, 2); one residual block each to 16 channels
    /// with stride (2, 2, 2), to 32 with (1, 2, 2) and to 64 with (1, 1, 1). Clips of 8 frames of 32x32 give 4 timesteps.
    /// Its head is <see cref="ProjectionHeads.Tclr">ProjectionHeads.Tclr(64, 64, 32)</see>.
    /// </remarks>
    /// <returns>The encoder with fresh weights, <c>[N, 3, T, H, W]</c> to <c>[N, 64, T / 2]</c>; the caller owns it.</returns>
    /// <example><code>
    /// using var encoder = VideoEncoders.SmallR3D();
    /// using var head = ProjectionHeads.Tclr(inFeatures: 64, hidden: 64, embedding: 32);
    /// </code></example>
    public static R3D SmallR3D() => new(new R3DOptions
    {
        StemWidth = 8,
        StemKernel = (3, 3),
        StemStride = (1, 2),
        Stages = [new(16, 2, 2, Blocks: 1), new(32, 1, 2, Blocks: 1), new(64, 1, 1, Blocks: 1)],

        // Smaller weights learn faster behind batch normalisation, and 160 steps are few.
        Initialization = ConvolutionInitialization.Uniform,
    });
}
