namespace Tclr.Core;

/// <summary>The order of a clip's color channels.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red, as in the code and the published weights of the TCLR authors.</summary>
    Bgr,
}
