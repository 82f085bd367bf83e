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
        CheckUnsized();

        // Filters other than the first have weights for 8-bit levels only.
        bool rounded = recipe.Rounded || filter != ResizeFilter.Bilinear;
        return new(recipe with { Height = height, Width = width, ScaledHeight = height, ScaledWidth = width, Filter = filter, Rounded = rounded });
    }

    /// <summary>Resizes the shorter side to a length and keeps the aspect ratio; the longer side is rounded down. A crop must follow: <see cref="CenterCrop"/>, <see cref="RandomCrop"/> or <see cref="ThreeCrop"/>.</summary>
    /// <param name="length">Length of the shorter side in pixels, 1 or more.</param>
    /// <param name="filter">The filter. The default value is bilinear with antialiasing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public ClipAugmentation ResizeShorterSide(int length, ResizeFilter filter = ResizeFilter.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        CheckUnsized();
        return new(recipe with { ShorterSide = length, Filter = filter });
    }

    /// <summary>Crops a random square of the resized frame; rounds to 8 bits.</summary>
    /// <param name="size">Height and width in pixels, at most those of the resized frame.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public ClipAugmentation RandomCrop(int size) => WithPart(size, ClipPart.Random);

    /// <summary>Crops the center square of the resized frame, half pixels rounded to even as in torchvision; rounds to 8 bits.</summary>
    /// <param name="size">Height and width in pixels, at most those of the resized frame.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public ClipAugmentation CenterCrop(int size) => WithPart(size, ClipPart.Center);

    private ClipAugmentation WithPart(int size, ClipPart part, [CallerMemberName] string verb = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        CheckWhole(verb);
        var (height, width) = recipe.ShorterSide > 0 && Height == 0 ? (recipe.ShorterSide, recipe.ShorterSide) : (Height, Width);
        return height >= size && width >= size && recipe.Part == ClipPart.Whole
            ? new(recipe with { Height = size, Width = size, Part = part, Rounded = true })
            : throw new InvalidOperationException($"expected one {verb}, after a Resize to {size}x{size} or more, got {width}x{height}");
    }

    private void CheckUnsized([CallerMemberName] string verb = "")
    {
        CheckWhole(verb);
        if (Height != 0 || recipe.ShorterSide != 0)
        {
            string size = Height != 0 ? $"{Width}x{Height}" : $"a shorter side of {recipe.ShorterSide}";
            throw new InvalidOperationException($"there is a size already, {size}: expected one Resize");
        }
    }
}

/// <summary>How a resize computes a pixel from its neighbors.</summary>
public enum ResizeFilter
{
    /// <summary>Bilinear with antialiasing: a triangle filter whose support grows with the scale (Pillow's <c>BILINEAR</c>).</summary>
    Bilinear,

    /// <summary>Bicubic with antialiasing: Keys' cubic filter with <c>a = -0.5</c>, whose support grows with the scale (Pillow's <c>BICUBIC</c>).</summary>
    Bicubic,

    /// <summary>Bilinear without antialiasing: the four nearest pixels at any scale, rounded down to 8 bits once (TensorFlow's <c>tf.image.resize</c>, cast to bytes).</summary>
    BilinearNoAntialias,
}

/// <summary>The part of the resized frame that is kept.</summary>
internal enum ClipPart
{
    Whole,
    Center,
    Random,
    Thirds,
}

/// <summary>Crop and size of a clip.</summary>
/// <param name="Box">The crop of the frame.</param>
/// <param name="ScaledHeight">Height that the box is resized to.</param>
/// <param name="ScaledWidth">Width that the box is resized to.</param>
/// <param name="Top">First row of the resized frame that is kept.</param>
/// <param name="Left">First column that is kept.</param>
/// <param name="Height">Number of rows that are kept: the clip's height.</param>
/// <param name="Width">Number of columns that are kept: the clip's width.</param>
/// <param name="Filter">The filter.</param>
internal sealed record ClipResize(CropBox Box, int ScaledHeight, int ScaledWidth, int Top, int Left, int Height, int Width, ResizeFilter Filter);
