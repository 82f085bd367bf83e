namespace Tclr.Data;

/// <summary>A video that cannot be used.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Fault">What kind of fault it is.</param>
/// <param name="Reason">The same in words, with the numbers.</param>
public sealed record FaultyVideo(string Path, VideoFault Fault, string Reason);
