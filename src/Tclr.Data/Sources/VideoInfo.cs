namespace Tclr.Data;

/// <summary>What a video is, found by decoding it.</summary>
/// <param name="Frames">Number of frames that decode one after the other from the start; not the header's number, which is often wrong.</param>
/// <param name="Width">Width of a frame in pixels, after the rotation that the file asks for.</param>
/// <param name="Height">Height of a frame in pixels, likewise.</param>
/// <param name="FramesPerSecond">Frames per second as the header has it; 0 where it has none.</param>
public sealed record VideoInfo(int Frames, int Width, int Height, double FramesPerSecond);
