namespace Tclr.Weights;

/// <summary>Where a tensor of a file goes.</summary>
/// <param name="Name">Its name in the module.</param>
/// <param name="IsKerasKernel">Whether it has the layout of a Keras layer's kernel, so that its dimensions are permuted.</param>
internal sealed record MappedName(string Name, bool IsKerasKernel = false);

/// <summary>A rule of a mapping. It sees the names of a file together; <see langword="null"/> is a tensor that was dropped.</summary>
internal delegate void MappingRule(Span<MappedName?> names);
