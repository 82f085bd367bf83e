using System.Runtime.InteropServices;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>Chooses the crop of a clip. Implement it for a crop of your own, and add it with <see cref="ClipAugmentation.Crop"/>.</summary>
/// <remarks>Implementations are thread-safe.</remarks>
public interface IClipCrop
{
    /// <summary>Chooses the crop of one clip.</summary>
    /// <param name="height">Height of the frames in pixels.</param>
    /// <param name="width">Width of the frames in pixels.</param>
    /// <param name="random">The view's random stream.</param>
    /// <returns>A box within the frame.</returns>
    CropBox Choose(int height, int width, ref CounterRandom random);
}

/// <summary>A crop in pixels; edges may lie between pixels.</summary>
/// <param name="X">Left edge, 0 or more.</param>
/// <param name="Y">Upper edge, 0 or more.</param>
/// <param name="Width">Width, above 0.</param>
/// <param name="Height">Height, above 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CropBox(double X, double Y, double Width, double Height);
