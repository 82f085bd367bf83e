using Tclr.Core;

namespace Tclr.Data;

/// <summary>
/// All that is random about one clip, drawn: what an executor needs besides the frames. The same parameters give the
/// same clip on every machine and device.
/// </summary>
/// <param name="Resize">Which part of the frames shows, and at which size.</param>
/// <param name="Channels">The order of the channels, also of the clip that comes out.</param>
/// <param name="Rounded">Whether levels are rounded to 8 bits after the resize (and by it, after each axis), as in a picture file.</param>
/// <param name="Operations">What is done then, in order: those on 8-bit levels first.</param>
public sealed record ClipParameters(ClipResize Resize, ChannelOrder Channels, bool Rounded, IReadOnlyList<ClipOperation> Operations)
{
    /// <summary>The operations on 8-bit levels, in order.</summary>
    internal IEnumerable<PixelOperation> PixelOperations => Operations.OfType<PixelOperation>();
}
