using System.Numerics;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>The steps of an augmentation. Each gives a new augmentation with the step added: crop first, then size, then 8-bit steps, then affine colours.</summary>
public static partial class ClipAugmentationVerbs
{
    /// <summary>Shows a random square, its side a random share of the frame's shorter one, at a random place inside the frame.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="low">Smallest share, above 0.</param>
    /// <param name="high">Largest share, 1 at most.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A share is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is a crop or a size already.</exception>
    public static ClipAugmentation RandomSquareCrop(this ClipAugmentation augmentation, double low, double high)
        => Checked(augmentation).With(new RandomSquareCrop(low, high));

    /// <summary>Shows a random square as TCLR's authors place it: in whole pixels, the left edge at most <c>W - share W</c>.</summary>
    /// <remarks>The side is a share of the shorter length only, so the right end of a wide frame is reached by large squares only.</remarks>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="low">Smallest share of the shorter side, 0.01 or more.</param>
    /// <param name="high">Largest share, 1 at most.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A share is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is a crop or a size already.</exception>
    public static ClipAugmentation TclrSquareCrop(this ClipAugmentation augmentation, double low, double high)
        => Checked(augmentation).With(new TclrSquareCrop(low, high));

    /// <summary>Shows a random box, by area and aspect ratio, in whole pixels; the whole frame where none of 100 attempts fits.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="lowArea">Smallest share of the frame's area, 0.001 or more.</param>
    /// <param name="highArea">Largest share, 1 at most.</param>
    /// <param name="lowRatio">Smallest width divided by height, 0.01 or more. The default value is 3/4.</param>
    /// <param name="highRatio">Largest one, 100 at most. The default value is 4/3.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is a crop or a size already.</exception>
    public static ClipAugmentation RandomAreaCrop(this ClipAugmentation augmentation, double lowArea, double highArea, double lowRatio = 3.0 / 4, double highRatio = 4.0 / 3)
        => Checked(augmentation).With(new RandomAreaCrop(lowArea, highArea, lowRatio, highRatio));

    /// <summary>Shows the largest square in the middle of the frame, or a share of it, in whole pixels.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="share">Share of the frame's shorter side, 0.01 to 1. The default value is 1.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is a crop or a size already.</exception>
    public static ClipAugmentation CenterSquareCrop(this ClipAugmentation augmentation, double share = 1)
        => Checked(augmentation).With(new CenterSquareCrop(share));

    /// <summary>Resizes to a square.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="size">Height and width in pixels, 1 or more.</param>
    /// <param name="filter">The filter; others than the default one round to 8 bits. The default value is bilinear, antialiased.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    /// <exception cref="InvalidOperationException">There is a size already.</exception>
    public static ClipAugmentation Resize(this ClipAugmentation augmentation, int size, ResizeFilter filter = ResizeFilter.Bilinear)
        => Checked(augmentation).WithSize(size, size, filter);

    /// <summary>Resizes.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="height">Height in pixels, 1 or more.</param>
    /// <param name="width">Width in pixels, 1 or more.</param>
    /// <param name="filter">The filter; others than the default one round to 8 bits. The default value is bilinear, antialiased.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1.</exception>
    /// <exception cref="InvalidOperationException">There is a size already.</exception>
    public static ClipAugmentation Resize(this ClipAugmentation augmentation, int height, int width, ResizeFilter filter = ResizeFilter.Bilinear)
        => Checked(augmentation).WithSize(height, width, filter);

    /// <summary>Keeps a random square of the resized picture; rounds to 8 bits.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="size">Height and width in pixels, 1 or more.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    /// <exception cref="InvalidOperationException">There is no size yet, or one that is too small.</exception>
    public static ClipAugmentation RandomCrop(this ClipAugmentation augmentation, int size) => Checked(augmentation).WithPart(size, atRandom: true);

    /// <summary>Keeps the middle square of the resized picture; rounds to 8 bits.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="size">Height and width in pixels, 1 or more.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    /// <exception cref="InvalidOperationException">There is no size yet, or one that is too small.</exception>
    public static ClipAugmentation CenterCrop(this ClipAugmentation augmentation, int size) => Checked(augmentation).WithPart(size, atRandom: false);

    /// <summary>Sets the order of the channels, for the steps and for what comes out; others than RGB round to 8 bits.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="order">The order. With BGR the encoder must not reverse its clips as well (<c>VideoEncoderOptions.ChannelOrder</c>); a trainer or an evaluation refuses that.</param>
    /// <returns>The augmentation with the step.</returns>
    public static ClipAugmentation Channels(this ClipAugmentation augmentation, ChannelOrder order) => Checked(augmentation).With(order);

    /// <summary>Rounds levels to 8 bits after the resize, as a picture file would hold them; any 8-bit step does so too.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <returns>The augmentation with the step.</returns>
    public static ClipAugmentation RoundToBytes(this ClipAugmentation augmentation) => Checked(augmentation).WithRounding();

    /// <summary>Mixes the channels by the identity plus a random 3x3 matrix, or makes the clip gray instead.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="amount">Largest absolute value of an added element, 0 or more.</param>
    /// <param name="grayProbability">How often gray (luma of ITU-R BT.601), 0 to 1. The default value is 0.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ClipAugmentation ColorMatrix(this ClipAugmentation augmentation, double amount, double grayProbability = 0)
        => Checked(augmentation).With(new ColorMatrix(amount, grayProbability));

    /// <summary>Multiplies the distance from the clip's mean (over channels, frames and pixels) by a random factor; real numbers, not clipped.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="low">Smallest factor, 0 or more.</param>
    /// <param name="high">Largest factor.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A factor is out of its range.</exception>
    public static ClipAugmentation Contrast(this ClipAugmentation augmentation, double low, double high)
        => Checked(augmentation).With(new Contrast(low, high));

    /// <summary>Adds a random amount; 1 is the step from black to white. Values are not clipped.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="low">Smallest amount.</param>
    /// <param name="high">Largest amount.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An amount is not finite, or they are in the wrong order.</exception>
    public static ClipAugmentation Brightness(this ClipAugmentation augmentation, double low, double high)
        => Checked(augmentation).With(new Brightness(low, high));

    /// <summary>Subtracts a constant.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="amount">The constant; 0.5 centres the values.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not finite.</exception>
    public static ClipAugmentation Subtract(this ClipAugmentation augmentation, double amount)
        => double.IsFinite(amount)
            ? Checked(augmentation).With(new FixedColorChange(Matrix4x4.CreateTranslation(new Vector3((float)-amount))))
            : throw new ArgumentOutOfRangeException(nameof(amount), amount, "expected a finite amount");

    /// <summary>Subtracts a mean from each channel, then divides by a deviation.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="mean">The means, in the clip's channel order; 1 is full.</param>
    /// <param name="deviation">The standard deviations, each above 0.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or a deviation is not above 0.</exception>
    public static ClipAugmentation Normalize(this ClipAugmentation augmentation, Vector3 mean, Vector3 deviation)
    {
        for (int c = 0; c < 3; c++)
        {
            if (!(float.IsFinite(mean[c]) && float.IsFinite(deviation[c]) && deviation[c] > 0))
            {
                throw new ArgumentOutOfRangeException(nameof(deviation), FormattableString.Invariant($"expected finite means and deviations above 0, got {mean} and {deviation}"));
            }
        }

        return Checked(augmentation).With(new FixedColorChange(Matrix4x4.CreateTranslation(-mean) * Matrix4x4.CreateScale(Vector3.One / deviation)));
    }

    /// <summary>Subtracts ImageNet's mean and divides by its deviation, for clips in RGB: (0.485, 0.456, 0.406), (0.229, 0.224, 0.225).</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <returns>The augmentation with the step.</returns>
    public static ClipAugmentation NormalizeImageNet(this ClipAugmentation augmentation)
        => augmentation.Normalize(new Vector3(0.485f, 0.456f, 0.406f), new Vector3(0.229f, 0.224f, 0.225f));

    private static ClipAugmentation Checked(ClipAugmentation augmentation)
    {
        ArgumentNullException.ThrowIfNull(augmentation);
        return augmentation;
    }
}
