namespace Tclr.Models.Weights;

/// <summary>Lists of names in messages.</summary>
internal static class Names
{
    private const int Shown = 5;

    /// <summary>The first of them and how many more there are.</summary>
    public static string Some(IEnumerable<string> names)
    {
        var all = names.ToList();
        string first = string.Join(", ", all.Take(Shown).Select(name => $"'{name}'"));
        return all.Count switch
        {
            0 => "none",
            <= Shown => first,
            _ => FormattableString.Invariant($"{first} and {all.Count - Shown} more"),
        };
    }
}
