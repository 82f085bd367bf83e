namespace Tclr.Weights;

/// <summary>A dictionary of tensors in a file; most formats have one only.</summary>
/// <param name="Key">Where it is in a PyTorch checkpoint, as <see cref="WeightLoadOptions.StateDict"/> names it; <see langword="null"/> at the top.</param>
/// <param name="File">The file with the tensors of this dictionary.</param>
internal sealed record WeightContainer(string? Key, WeightFile File);
