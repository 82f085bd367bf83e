namespace OpenCvSharp;

/// <summary>From which colours to which.</summary>
public enum ColorConversionCodes
{
    /// <summary>OpenCV's order to the usual one, and back.</summary>
    BGR2RGB = 4,

    /// <summary>OpenCV's order to gray.</summary>
    BGR2GRAY = 6,

    /// <summary>The usual order to gray.</summary>
    RGB2GRAY = 7,
}
