using System.Runtime.InteropServices;

namespace Tclr.Data;

/// <summary>The part of a frame that a clip shows, in pixels; edges may lie between pixels.</summary>
/// <param name="X">Left edge, 0 or more.</param>
/// <param name="Y">Upper edge, 0 or more.</param>
/// <param name="Width">Width, above 0.</param>
/// <param name="Height">Height, above 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CropBox(double X, double Y, double Width, double Height);
