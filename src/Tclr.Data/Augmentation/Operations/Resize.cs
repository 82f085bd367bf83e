using System.Runtime.CompilerServices;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Resizes to a square.</summary>
    /// <param name="size">Height and width in pixels, 1 or more.</param>
    /// <param name="filter">The filter; filters other than the default round to 8 bits. The default value is bilinear with antialiasing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public ClipAugmentation Resize(int size, ResizeFilter filter = ResizeFilter.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return Resize(size, size, filter);
    }

    /// <summary>Resizes.</summary>
    /// <param name="height">Height in pixels, 1 or more.</param>
    /// <param name="width">Width in pixels, 1 or more.</param>
    /// <param name="filter">The filter; filters other than the default round to 8 bits. The default value is bilinear with antialiasing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is below 1.</exception>
    public ClipAugmentation Resize(int height, int width, ResizeFilter filter = ResizeFilter.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        CheckWhole();
        if (Height != 0)
        {
            throw new InvalidOperationException($"there is a size already, {Width}x{Height}: expected one Resize");
        }

        // Filters other than the first have weights for 8-bit levels only.
        bool rounded = recipe.Rounded || filter != ResizeFilter.Bilinear;
        return new(recipe with { Height = height, Width = width, ScaledHeight = height, ScaledWidth = width, Filter = filter, Rounded = rounded });
    }

    /// <summary>Crops a random square of the resized picture; rounds to 8 bits.</summary>
    /// <param name="size">Height and width in pixels, from 1 to those of the resized picture.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public ClipAugmentation RandomCrop(int size) => WithPart(size, atRandom: true);

    /// <summary>Crops the middle square of the resized picture; rounds to 8 bits.</summary>
    /// <param name="size">Height and width in pixels, from 1 to those of the resized picture.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public ClipAugmentation CenterCrop(int size) => WithPart(size, atRandom: false);

    private ClipAugmentation WithPart(int size, bool atRandom, [CallerMemberName] string verb = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        CheckWhole(verb);
        return Height >= size && Width >= size && (Height, Width) == (recipe.ScaledHeight, recipe.ScaledWidth)
            ? new(recipe with { Height = size, Width = size, RandomPlace = atRandom, Rounded = true })
            : throw new InvalidOperationException($"expected one {verb}, after a Resize to {size}x{size} or more, got {Width}x{Height}");
    }
}

/// <summary>How a resize computes a pixel from its neighbors.</summary>
public enum ResizeFilter
{
    /// <summary>Bilinear with antialiasing: a triangle that grows with the scale (Pillow's <c>BILINEAR</c>).</summary>
    Bilinear,

    /// <summary>Bicubic with antialiasing: Keys' cubic with <c>a = -0.5</c> that grows with the scale (Pillow's <c>BICUBIC</c>).</summary>
    Bicubic,

    /// <summary>Bilinear without antialiasing: the two nearest pixels, whatever the scale (TensorFlow's default).</summary>
    BilinearNoAntialias,
}

/// <summary>Which part of a frame a clip shows, and at which size.</summary>
/// <param name="Box">The part of the frame; nothing outside it shows.</param>
/// <param name="ScaledHeight">Height that the box is resized to.</param>
/// <param name="ScaledWidth">Width that the box is resized to.</param>
/// <param name="Top">First row of the resized picture that is kept.</param>
/// <param name="Left">First column that is kept.</param>
/// <param name="Height">Number of rows that are kept: the clip's height.</param>
/// <param name="Width">Number of columns that are kept: the clip's width.</param>
/// <param name="Filter">The filter.</param>
internal sealed record ClipResize(CropBox Box, int ScaledHeight, int ScaledWidth, int Top, int Left, int Height, int Width, ResizeFilter Filter);
