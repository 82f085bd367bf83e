namespace Tclr.Data;

/// <summary>Augmentations, ready-made and to be put together.</summary>
public static class Augmentations
{
    /// <summary>Starts an augmentation: the whole frame, colours as they are, in <c>[0, 1]</c>. It lacks a size: add <see cref="ClipAugmentationVerbs.Resize(ClipAugmentation, int)"/>.</summary>
    /// <returns>The augmentation to add to.</returns>
    /// <example><code>
    /// var augmentation = Augmentations.Start()
    ///     .RandomSquareCrop(0.6, 1).Resize(112)
    ///     .ColorMatrix(0.12, grayProbability: 0.3).Contrast(0.6, 1.4).Brightness(-0.3, 0.3).Subtract(0.5);
    /// </code></example>
    public static ClipAugmentation Start() => ClipAugmentation.Empty;

    /// <summary>What the embedded set is trained with: a weak crop, colour matrix or gray, contrast, brightness; values around 0.</summary>
    /// <param name="size">Height and width of a clip in pixels, 1 or more.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static ClipAugmentation Demo(int size)
        => Start()
            .RandomSquareCrop(0.88, 1)
            .Resize(size)
            .ColorMatrix(0.12, grayProbability: 0.3)
            .Contrast(0.6, 1.4)
            .Brightness(-0.3, 0.3)
            .Subtract(0.5);

    /// <summary>What features are extracted with: the middle square, nothing random, values in <c>[-0.5, 0.5]</c>.</summary>
    /// <param name="size">Height and width of a clip in pixels, 1 or more.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static ClipAugmentation Evaluation(int size) => Start().CenterSquareCrop().Resize(size).Subtract(0.5);
}
