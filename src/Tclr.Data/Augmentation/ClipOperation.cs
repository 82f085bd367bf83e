using System.Numerics;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Data;

/// <summary>A random operation of an augmentation. Derive from it to write your own, and add it with <see cref="ClipAugmentation.Add"/>.</summary>
/// <remarks>An operation is shared by all clips and threads, so keep what is drawn for a clip in the <see cref="ClipChange"/>.</remarks>
/// <example><code>
/// /// Keeps a random number of bits of each level.
/// sealed class Posterize(int fewestBits) : ClipOperation
/// {
///     public override IEnumerable&lt;ClipChange&gt; Draw(int height, int width, ref CounterRandom random)
///         => [new Posterized(random.NextInt32(fewestBits, 9))];
///
///     private sealed class Posterized(int bits) : PixelChange
///     {
///         public override void Apply(PixelFrame frame)
///         {
///             for (int channel = 0; channel &lt; 3; channel++)
///             {
///                 foreach (ref byte level in frame[channel])
///                 {
///                     level &amp;= (byte)(0xFF &lt;&lt; (8 - bits));
///                 }
///             }
///         }
///     }
/// }
///
/// var augmentation = Augmentations.Start().Resize(112).Add(new Posterize(4));
/// </code></example>
public abstract class ClipOperation
{
    /// <summary>Whether the operation draws a <see cref="PixelChange"/>.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public virtual bool ChangesPixels => true;

    /// <summary>Whether the operation draws a <see cref="ColorChange"/>; these are applied after all changes of 8-bit levels.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public virtual bool ChangesColors => false;

    /// <summary>Draws the parameters of one clip.</summary>
    /// <remarks>Make the same number of draws for every clip, so that the draws of later operations do not depend on the outcome.</remarks>
    /// <param name="height">Height of the clip in pixels.</param>
    /// <param name="width">Width of the clip in pixels.</param>
    /// <param name="random">The view's random stream.</param>
    /// <returns>The changes to apply to all frames of the clip, in order; empty for none.</returns>
    public abstract IEnumerable<ClipChange> Draw(int height, int width, ref CounterRandom random);
}

/// <summary>A change of one clip, with its drawn parameters: a <see cref="PixelChange"/> or a <see cref="ColorChange"/>.</summary>
public abstract class ClipChange
{
    private protected ClipChange()
    {
    }
}

/// <summary>A change of 8-bit levels, the same for all frames of a clip. The result is rounded to 8 bits, as in a chain of image operations.</summary>
public abstract class PixelChange : ClipChange
{
    /// <summary>Changes of one kind are applied together to a batch of tensors.</summary>
    internal virtual object Kind => GetType();

    /// <summary>Whether <see cref="Measure"/> needs all frames before the first one is changed.</summary>
    internal virtual bool NeedsClip => false;

    /// <summary>Changes a frame on the CPU.</summary>
    /// <param name="frame">The frame, changed in place.</param>
    public abstract void Apply(PixelFrame frame);

    /// <summary>Changes clips on the device of their tensor, where <see cref="ClipLoaderOptions.AugmentOnDevice"/> is set.</summary>
    /// <remarks>The default copies the clips to the CPU, calls <see cref="Apply"/> for each frame, and copies them back. Override it to stay on a GPU.</remarks>
    /// <param name="levels">Clips <c>[N, T, 3, H, W]</c>: whole numbers from 0 to 255 in single precision.</param>
    /// <param name="changes">The change of each of the <c>N</c> clips; all of this type, and the first is this one.</param>
    /// <returns>The changed clips, of the same shape, again whole numbers from 0 to 255.</returns>
    public virtual Tensor ApplyToTensor(Tensor levels, IReadOnlyList<PixelChange> changes) => TensorExecutor.OnProcessor(levels, changes);

    /// <summary>Measures all frames, after the preceding changes.</summary>
    internal virtual void Measure(PixelClip clip)
    {
    }
}

/// <summary>An affine change of color on real numbers, with 1 for full intensity; not clipped. The color changes of a clip are combined into one matrix.</summary>
public abstract class ColorChange : ClipChange
{
    /// <summary>Whether <see cref="Matrix"/> depends on the mean.</summary>
    internal virtual bool UsesMean => true;

    /// <summary>Whether the constants of <see cref="Matrix"/> are affine in the mean and its other rows do not depend on it. Otherwise the mean is read from the device.</summary>
    internal virtual bool IsAffineInMean => false;

    /// <summary>Gets the matrix <c>M</c> of the change: the new color is <c>(R, G, B, 1) M</c>.</summary>
    /// <remarks>With <see cref="ClipLoaderOptions.AugmentOnDevice"/>, the mean is read from the device once a batch, which waits for it.</remarks>
    /// <param name="mean">Mean of each channel over all frames and pixels of the clip, after the preceding changes.</param>
    /// <returns>The matrix: rows 1 to 3 are the contributions of R, G and B, row 4 is the constant.</returns>
    public abstract Matrix4x4 Matrix(Vector3 mean);

    /// <summary>Combines the color changes of a clip into one matrix.</summary>
    /// <param name="changes">The changes of the clip.</param>
    /// <param name="scale">Factor of the values before the first change.</param>
    /// <param name="mean">Mean of each channel before the first change, with 1 for full intensity.</param>
    internal static Matrix4x4 Fold(IEnumerable<ClipChange> changes, float scale, Vector3 mean)
    {
        var total = Matrix4x4.CreateScale(scale);
        foreach (var change in changes.OfType<ColorChange>())
        {
            var matrix = change.Matrix(mean);
            mean = ColorProduct.Of(mean, matrix);
            total = total.Then(matrix);
        }

        return total;
    }
}

/// <summary>Draws one change.</summary>
internal delegate ClipChange DrawChange(int height, int width, ref CounterRandom random);

/// <summary>An operation that always draws one change.</summary>
internal sealed class DrawnChange(DrawChange draw, bool pixels) : ClipOperation
{
    public override bool ChangesPixels => pixels;

    public override bool ChangesColors => !pixels;

    public override IEnumerable<ClipChange> Draw(int height, int width, ref CounterRandom random) => [draw(height, width, ref random)];
}
