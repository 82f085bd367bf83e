namespace Tclr.Weights;

/// <summary>A comparison of the tensors in a file with those in a module.</summary>
/// <param name="Matched">Names in the module whose tensors were found, with the right shape and type.</param>
/// <param name="Missing">Names in the module that are not in the file.</param>
/// <param name="Unexpected">Names in the file, after mapping, that are not in the module.</param>
/// <param name="Mismatched">Tensors with different shapes or types.</param>
/// <param name="Dropped">Names in the file that the mapping dropped.</param>
public sealed record WeightReport(
    IReadOnlyList<string> Matched,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<WeightDifference> Mismatched,
    IReadOnlyList<string> Dropped)
{
    /// <summary>The dictionary of a PyTorch checkpoint that <see cref="WeightMapping.Automatic"/> found, as in <see cref="WeightLoadOptions.StateDict"/>.</summary>
    /// <value><see langword="null"/> for the top level, and without automatic mapping.</value>
    public string? StateDict { get; init; }

    /// <summary>The prefix that <see cref="WeightMapping.Automatic"/> found; empty if the names are those of the module.</summary>
    /// <value><see langword="null"/> without automatic mapping.</value>
    public string? Prefix { get; init; }

    /// <summary>Tensors whose elements were converted from the type in the file to that in the module.</summary>
    public IReadOnlyList<WeightDifference> Converted { get; init; } = [];

    /// <summary>Whether no tensor is missing, unexpected or mismatched.</summary>
    public bool IsComplete => Missing.Count + Unexpected.Count + Mismatched.Count == 0;

    /// <summary>Returns the counts, with the first names of each.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
    {
        string place = Prefix is null ? string.Empty : $" in {new WeightPlace(StateDict, Prefix)}";
        List<string> parts = [FormattableString.Invariant($"{Matched.Count} matched{place}")];
        Add(Missing, "missing");
        Add(Unexpected, "unexpected");
        if (Mismatched.Count > 0)
        {
            parts.Add(FormattableString.Invariant($"{Mismatched.Count} of another shape or type ({Mismatched[0]})"));
        }

        foreach (var types in Converted.GroupBy(conversion => (From: conversion.FoundType, To: conversion.ExpectedType)))
        {
            parts.Add(FormattableString.Invariant($"{types.Count()} converted from {types.Key.From} to {types.Key.To}"));
        }

        Add(Dropped, "left out");

        return string.Join(", ", parts);

        void Add(IReadOnlyList<string> names, string what)
        {
            if (names.Count > 0)
            {
                parts.Add(FormattableString.Invariant($"{names.Count} {what} ({TensorNames.Some(names)})"));
            }
        }
    }
}
