using Tclr.Core;

namespace Tclr.Data;

/// <summary>Converts decoded frames to float clips. Parameters are drawn once per clip and apply to all its frames.</summary>
/// <remarks>Implementations are thread-safe. <see cref="ClipAugmentation"/> is the usual implementation; implement it to replace the whole pipeline.</remarks>
public interface IClipAugmentation
{
    /// <summary>Height <c>H</c> of a clip in pixels.</summary>
    int Height { get; }

    /// <summary>Width <c>W</c> of a clip in pixels.</summary>
    int Width { get; }

    /// <summary>Channel order of the clips.</summary>
    /// <value>The default value is <see cref="ChannelOrder.Rgb"/>.</value>
    ChannelOrder ChannelOrder => ChannelOrder.Rgb;

    /// <summary>Number of crops of each clip of the sampler, for evaluation with several crops.</summary>
    /// <remarks>With <c>K</c> clips a loader returns <c>K * Crops</c> views of a video; crop <c>c</c> of clip <c>k</c> is view <c>k * Crops + c</c>.</remarks>
    /// <value>1 or more. The default value is 1.</value>
    int Crops => 1;

    /// <summary>Gets the augmentation of a view, for views or crops that are treated differently.</summary>
    /// <param name="view">The view, from 0.</param>
    /// <returns>The augmentation; by default this one for all views.</returns>
    IClipAugmentation ForView(int view) => this;

    /// <summary>Makes a clip.</summary>
    /// <param name="source">Decoded frames.</param>
    /// <param name="positions">Positions of the clip's <c>T</c> frames in <paramref name="source"/>, in playing order.</param>
    /// <param name="random">The view's random stream.</param>
    /// <param name="destination">Receives the clip, <c>[3, T, H, W]</c>.</param>
    /// <exception cref="ArgumentException">The destination does not have <c>3 * T * H * W</c> elements.</exception>
    void Apply(FrameWindow source, ReadOnlySpan<int> positions, ref CounterRandom random, Span<float> destination);
}
