using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A 3D CNN that turns video clips into features which keep time.</summary>
/// <remarks>The encoder owns its weights; disposing it releases them.</remarks>
public interface IVideoEncoder : IDisposable
{
    /// <summary>Number of channels <c>C</c> of a feature.</summary>
    int FeatureDimension { get; }

    /// <summary>Channel order that the weights expect. <see cref="Encode"/> takes RGB clips either way: an encoder with BGR weights reverses them itself.</summary>
    /// <value>The default value is <see cref="ChannelOrder.Rgb"/>. A source of BGR clips is refused with an encoder that reverses.</value>
    ChannelOrder ChannelOrder => ChannelOrder.Rgb;

    /// <summary>The network itself, for the optimizer, <c>train()</c>/<c>eval()</c> and weights. The encoder keeps owning it.</summary>
    nn.Module Network { get; }

    /// <summary>Encodes a batch of clips.</summary>
    /// <param name="clips">Float clips <c>[N, 3, T, H, W]</c>; the caller keeps owning them.</param>
    /// <returns>Features <c>[N, C, T']</c>, averaged over space, time kept; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The clips do not have five dimensions or the network's number of channels.</exception>
    Tensor Encode(Tensor clips);
}
