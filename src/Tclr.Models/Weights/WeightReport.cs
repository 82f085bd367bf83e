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
    /// <summary>Whether nothing is missing, unexpected or of another shape or type.</summary>
    public bool IsComplete => Missing.Count + Unexpected.Count + Mismatched.Count == 0;

    /// <summary>The counts, and the first names of what is wrong.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
    {
        List<string> parts = [FormattableString.Invariant($"{Matched.Count} matched")];
        Add(Missing, "missing");
        Add(Unexpected, "unexpected");
        if (Mismatched.Count > 0)
        {
            parts.Add(FormattableString.Invariant($"{Mismatched.Count} of another shape or type ({Mismatched[0]})"));
        }

        if (Dropped.Count > 0)
        {
            parts.Add(FormattableString.Invariant($"{Dropped.Count} left out"));
        }

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
