using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A 3D CNN that maps video clips to features with a time dimension.</summary>
/// <remarks>Disposing the encoder releases its weights.</remarks>
public interface IVideoEncoder : IDisposable
{
    /// <summary>Number of channels <c>C</c> of a feature.</summary>
    int FeatureDimension { get; }

    /// <summary>Channel order of the weights. <see cref="Encode"/> takes RGB clips in either case: an encoder with BGR weights reverses the channels.</summary>
    /// <value>The default value is <see cref="ChannelOrder.Rgb"/>. BGR clips are refused with an encoder that reverses the channels.</value>
    ChannelOrder ChannelOrder => ChannelOrder.Rgb;

    /// <summary>The network, for the optimizer, <c>train()</c> and <c>eval()</c>, and weights; disposed with the encoder.</summary>
    nn.Module Network { get; }

    /// <summary>Encodes a batch of clips.</summary>
    /// <param name="clips">Float clips <c>[N, 3, T, H, W]</c>; not disposed.</param>
    /// <returns>Features <c>[N, C, T']</c>, averaged over space; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The clips do not have five dimensions or the network's number of channels.</exception>
    Tensor Encode(Tensor clips);

    /// <summary>Encodes a batch of clips without the average over space, for attention maps.</summary>
    /// <param name="clips">Float clips <c>[N, 3, T, H, W]</c>; not disposed.</param>
    /// <returns>
    /// Features <c>[N, C, T', H', W']</c>, whose mean over space is the result of <see cref="Encode"/>; the caller disposes them.
    /// <see langword="null"/>, the default, if the encoder has no such features.
    /// </returns>
    /// <exception cref="ArgumentException">The clips do not have five dimensions or the network's number of channels.</exception>
    Tensor? EncodeMap(Tensor clips) => null;
}
