namespace OpenCvSharp;

/// <summary>How an image is resized.</summary>
[Flags]
public enum InterpolationFlags
{
    /// <summary>The nearest pixel.</summary>
    Nearest = 0,

    /// <summary>Bilinear, without antialiasing.</summary>
    Linear = 1,

    /// <summary>Bicubic.</summary>
    Cubic = 2,

    /// <summary>The mean over the pixel's area: the right one for shrinking.</summary>
    Area = 3,
}
