using static TorchSharp.torch;

namespace Tclr.Core.Weights;

/// <summary>Names and shapes in messages.</summary>
internal static class Names
{
    private const int Shown = 5;

    /// <summary>A tensor as <c>Float32 [64,3,3,7,7]</c>.</summary>
    public static string Describe(ScalarType type, IReadOnlyList<long> shape) => $"{type} [{string.Join(',', shape)}]";

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
