namespace Tclr.Data;

/// <summary>A video that cannot be used.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Fault">The kind of fault.</param>
/// <param name="Reason">The reason, with the numbers and what to do.</param>
public sealed record FaultyVideo(string Path, VideoFault Fault, string Reason);
