using Tclr.Core;

namespace Tclr;

/// <summary>Checks that channels are reversed at most once between a video and the weights of an encoder.</summary>
internal static class ChannelOrders
{
    /// <summary>The error if clips are BGR and the encoder reverses its clips as well; otherwise <see langword="null"/>.</summary>
    public static string? FindMistake(ChannelOrder clips, IVideoEncoder encoder)
        => clips == ChannelOrder.Bgr && encoder.ChannelOrder == ChannelOrder.Bgr
            ? $"the augmentation makes BGR clips, and the encoder {encoder.Network.GetName()} reverses its clips too (ChannelOrder = Bgr): its weights would see RGB. Reverse once: remove Channels(ChannelOrder.Bgr) from the augmentation (channels: ChannelOrder.Rgb of a preset), or the encoder's ChannelOrder."
            : null;
}
