namespace Tclr.Data;

/// <summary>What <see cref="AdjustContrast"/> moves the levels away from.</summary>
public enum ContrastMean
{
    /// <summary>The mean luma of each frame, rounded half up (Pillow, torchvision).</summary>
    Frame,

    /// <summary>The mean of each channel over all frames of the clip (CVRL).</summary>
    Clip,
}

/// <summary>What a filter sees outside the picture.</summary>
public enum BlurBorder
{
    /// <summary>The nearest pixel of the picture.</summary>
    Replicate,

    /// <summary>Black.</summary>
    Black,
}

/// <summary><c>trunc(f x)</c>, clipped.</summary>
/// <param name="Factor">The factor <c>f</c>, 0 or more.</param>
public sealed record AdjustBrightness(float Factor) : PixelOperation;

/// <summary><c>trunc(m + f (x - m))</c>, clipped.</summary>
/// <param name="Factor">The factor <c>f</c>, 0 or more.</param>
/// <param name="Mean">Which mean <c>m</c>. The default value is that of each frame.</param>
public sealed record AdjustContrast(float Factor, ContrastMean Mean = ContrastMean.Frame) : PixelOperation;

/// <summary><c>trunc(L + f (x - L))</c>, clipped, with the pixel's luma <c>L</c>.</summary>
/// <param name="Factor">The factor <c>f</c>, 0 or more.</param>
public sealed record AdjustSaturation(float Factor) : PixelOperation;

/// <summary>Turns the hue of 8-bit HSV: <c>H = trunc(255 h)</c>, then <c>H + Shift mod 256</c>.</summary>
/// <param name="Shift">The shift, 0 to 255; 256 would be the whole circle.</param>
public sealed record ShiftHue(byte Shift) : PixelOperation;

/// <summary>All channels become the luma <c>(19595 R + 38470 G + 7471 B + 32768) / 65536</c>, rounded down (ITU-R BT.601).</summary>
public sealed record ToGray : PixelOperation;

/// <summary><c>trunc(255.999 (x / 255)^g)</c>.</summary>
/// <param name="Exponent">The exponent <c>g</c>, above 0.</param>
public sealed record AdjustGamma(double Exponent) : PixelOperation;

/// <summary>One channel becomes 0.</summary>
/// <param name="Channel">0, 1 or 2, in the clip's channel order.</param>
public sealed record DropChannel(int Channel) : PixelOperation;

/// <summary>Levels from the threshold on become <c>255 - x</c>.</summary>
/// <param name="Threshold">The threshold, 0 to 255.</param>
public sealed record Solarize(int Threshold) : PixelOperation;

/// <summary>Left becomes right.</summary>
public sealed record FlipHorizontally : PixelOperation;

/// <summary>A rectangle becomes 0; what of it lies outside the picture does not count.</summary>
/// <param name="Top">First row.</param>
/// <param name="Left">First column.</param>
/// <param name="Height">Number of rows.</param>
/// <param name="Width">Number of columns.</param>
public sealed record Erase(int Top, int Left, int Height, int Width) : PixelOperation;

/// <summary>Convolves with a Gaussian, along rows, then along columns; rounded once at the end.</summary>
/// <param name="Sigma">Standard deviation in pixels, above 0.</param>
/// <param name="Radius">Taps on either side, 0 or more.</param>
/// <param name="Border">What lies outside. The default value is the nearest pixel.</param>
public sealed record Blur(double Sigma, int Radius, BlurBorder Border = BlurBorder.Replicate) : PixelOperation;

/// <summary>
/// Moves the pixels about the middle by an affine map, bilinear between pixels, black where there is nothing:
/// the output at offset <c>(x, y)</c> from the middle shows the input at <c>(XX x + XY y, YX x + YY y)</c>.
/// </summary>
/// <param name="XX">What a step to the right adds to the column.</param>
/// <param name="XY">What a step down adds to the column.</param>
/// <param name="YX">What a step to the right adds to the row.</param>
/// <param name="YY">What a step down adds to the row.</param>
public sealed record Warp(double XX, double XY, double YX, double YY) : PixelOperation;
