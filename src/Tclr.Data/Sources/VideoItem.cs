namespace Tclr.Data;

/// <summary>A video of a data set.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Label">Name of its class.</param>
/// <param name="ClassIndex">Place of the class in <see cref="VideoDataset.Classes"/>, from 0.</param>
public sealed record VideoItem(string Path, string Label, int ClassIndex);
