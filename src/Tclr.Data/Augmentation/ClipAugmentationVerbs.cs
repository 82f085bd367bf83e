namespace Tclr.Data;

/// <summary>The steps of an augmentation. Each gives a new augmentation with the step added: crop first, then size, then colours.</summary>
public static class ClipAugmentationVerbs
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

    /// <summary>Shows the largest square in the middle of the frame.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="InvalidOperationException">There is a crop or a size already.</exception>
    public static ClipAugmentation CenterSquareCrop(this ClipAugmentation augmentation)
        => Checked(augmentation).With(new CenterSquareCrop());

    /// <summary>Resizes to a square, bilinear with antialiasing.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="size">Height and width in pixels, 1 or more.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    /// <exception cref="InvalidOperationException">There is a size already.</exception>
    public static ClipAugmentation Resize(this ClipAugmentation augmentation, int size) => Checked(augmentation).WithSize(size, size);

    /// <summary>Resizes, bilinear with antialiasing.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="height">Height in pixels, 1 or more.</param>
    /// <param name="width">Width in pixels, 1 or more.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1.</exception>
    /// <exception cref="InvalidOperationException">There is a size already.</exception>
    public static ClipAugmentation Resize(this ClipAugmentation augmentation, int height, int width) => Checked(augmentation).WithSize(height, width);

    /// <summary>Mixes the channels by the identity plus a random 3x3 matrix, or makes the clip gray instead.</summary>
    /// <param name="augmentation">What to add to.</param>
    /// <param name="amount">Largest absolute value of an added element, 0 or more.</param>
    /// <param name="grayProbability">How often gray (luma of ITU-R BT.601), 0 to 1. The default value is 0.</param>
    /// <returns>The augmentation with the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ClipAugmentation ColorMatrix(this ClipAugmentation augmentation, double amount, double grayProbability = 0)
        => Checked(augmentation).With(new ColorMatrix(amount, grayProbability));

    /// <summary>Multiplies the distance from the clip's mean (over channels, frames and pixels) by a random factor.</summary>
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
        => Checked(augmentation).With(new Subtraction(amount));

    private static ClipAugmentation Checked(ClipAugmentation augmentation)
    {
        ArgumentNullException.ThrowIfNull(augmentation);
        return augmentation;
    }
}
