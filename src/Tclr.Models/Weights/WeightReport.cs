using Tclr.Core.Weights;

namespace Tclr.Models;

/// <summary>How the tensors of a file and those of a module compare.</summary>
/// <param name="Matched">Names in the module whose values came from the file.</param>
/// <param name="Missing">Names in the module that the file lacks.</param>
/// <param name="Unexpected">Names in the file, after mapping, that the module lacks.</param>
/// <param name="Mismatched">Tensors of another shape or type.</param>
/// <param name="Dropped">Names in the file that the mapping left out.</param>
public sealed record WeightReport(
    IReadOnlyList<string> Matched,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<WeightMismatch> Mismatched,
    IReadOnlyList<string> Dropped)
{
    /// <summary>Where in a PyTorch checkpoint the weights were found, as <see cref="WeightLoadOptions.StateDict"/> names it.</summary>
    /// <value>The default value is <see langword="null"/>: not searched, or at the top.</value>
    public string? StateDict { get; init; }

    /// <summary>The prefix that <see cref="WeightMapping.Automatic"/> found; empty where names are those of the module.</summary>
    /// <value>The default value is <see langword="null"/>: not searched.</value>
    public string? Prefix { get; init; }

    /// <summary>Tensors whose type was converted.</summary>
    /// <value>The default value is none.</value>
    public IReadOnlyList<WeightConversion> Converted { get; init; } = [];

    /// <summary>Whether nothing is missing, unexpected or of another shape or type.</summary>
    public bool IsComplete => Missing.Count + Unexpected.Count + Mismatched.Count == 0;

    /// <summary>The counts, and the first names of what is wrong.</summary>
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

        foreach (var types in Converted.GroupBy(conversion => (conversion.From, conversion.To)))
        {
            parts.Add(FormattableString.Invariant($"{types.Count()} converted from {types.Key.From} to {types.Key.To}"));
        }

        Add(Dropped, "left out");

        return string.Join(", ", parts);

        void Add(IReadOnlyList<string> names, string what)
        {
            if (names.Count > 0)
            {
                parts.Add(FormattableString.Invariant($"{names.Count} {what} ({Names.Some(names)})"));
            }
        }
    }
}
