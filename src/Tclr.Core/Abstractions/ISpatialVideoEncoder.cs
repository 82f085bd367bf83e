using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A video encoder that also gives the feature map before the spatial average, for attention maps.</summary>
public interface ISpatialVideoEncoder : IVideoEncoder
{
    /// <summary>Encodes a batch of clips without the spatial average.</summary>
    /// <param name="clips">Float clips <c>[N, 3, T, H, W]</c>; not disposed.</param>
    /// <returns>Features <c>[N, C, T', H', W']</c>, whose spatial mean is the result of <see cref="IVideoEncoder.Encode"/>; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The clips do not have five dimensions or the network's number of channels.</exception>
    Tensor EncodeMap(Tensor clips);
}
