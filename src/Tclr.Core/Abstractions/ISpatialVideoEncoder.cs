using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A video encoder that can also show its features before they are averaged over space, for attention maps.</summary>
public interface ISpatialVideoEncoder : IVideoEncoder
{
    /// <summary>Encodes a batch of clips and keeps space.</summary>
    /// <param name="clips">Float clips <c>[N, 3, T, H, W]</c>; the caller keeps owning them.</param>
    /// <returns>Features <c>[N, C, T', H', W']</c>, whose mean over space is what <see cref="IVideoEncoder.Encode"/> gives; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The clips do not have five dimensions or the network's number of channels.</exception>
    Tensor EncodeMap(Tensor clips);
}
