namespace Tclr.Models;

/// <summary>The order of colours that the weights of an encoder expect.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue: what clips come in.</summary>
    Rgb,

    /// <summary>Blue, green, red, as in TCLR's published weights: the encoder turns its clips around.</summary>
    Bgr,
}
