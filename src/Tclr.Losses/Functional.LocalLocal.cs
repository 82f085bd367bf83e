using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

public static partial class Functional
{
    /// <summary>The local-local temporal contrastive loss: tells the timesteps of a video apart.</summary>
    /// <remarks>
    /// For each video, NT-Xent over its <c>T</c> local clips in two augmentations: a clip's positive is the same timestep
    /// in the other augmentation, its <c>2T - 2</c> negatives are the other timesteps of the same video. Other videos play
    /// no part.
    /// Source: Dave et al., "TCLR" (2022), equation 2, with the anchors of both augmentations and averaged over them,
    /// as in the authors' code; that code sums over the videos where this function takes the mean.
    /// </remarks>
    /// <param name="z1">Local clips of the first augmentation <c>[B, T, D]</c>, rows of unit length, <c>T</c> 2 or more.</param>
    /// <param name="z2">The same clips in the second augmentation <c>[B, T, D]</c>.</param>
    /// <param name="temperature">Divides the similarities; finite and above 0, 0.1 in TCLR.</param>
    /// <returns>A scalar, the mean over the <c>B</c> videos and their <c>2T</c> anchors; <c>log(2T - 1)</c> where all embeddings are equal.</returns>
    /// <exception cref="ArgumentException">The clips are not two floating-point <c>[B, T, D]</c> alike with two timesteps or more, or the temperature is out of range.</exception>
    /// <example><code>
    /// using var loss = Functional.LocalLocal(locals, augmentedLocals, temperature: 0.1);
    /// </code></example>
    public static Tensor LocalLocal(Tensor z1, Tensor z2, double temperature)
    {
        Check.Alike(z1, z2, "[B,T,D]", nameof(LocalLocal));
        Check.AtLeastTwo(z1, 1, "z1 and z2 [B,T,D] with two timesteps or more", nameof(LocalLocal), nameof(z1));
        Check.Temperature(temperature, nameof(LocalLocal));

        using var scope = NewDisposeScope();
        var views = stack([z1, z2], 1);                                             // [B, 2, T, D]
        return ViewContrast.MeanPair(views, temperature).mean().MoveToOuterDisposeScope();
    }
}
