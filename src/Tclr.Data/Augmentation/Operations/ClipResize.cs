namespace Tclr.Data;

/// <summary>How pixels between pixels are made.</summary>
public enum ResizeFilter
{
    /// <summary>A triangle that grows with the scale: bilinear, antialiased (Pillow's <c>BILINEAR</c>).</summary>
    Bilinear,

    /// <summary>Keys' cubic with <c>a = -0.5</c> that grows with the scale: bicubic, antialiased (Pillow's <c>BICUBIC</c>).</summary>
    Bicubic,

    /// <summary>The two nearest pixels, whatever the scale: bilinear without antialiasing (TensorFlow's default).</summary>
    BilinearSharp,
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
public sealed record ClipResize(CropBox Box, int ScaledHeight, int ScaledWidth, int Top, int Left, int Height, int Width, ResizeFilter Filter);
