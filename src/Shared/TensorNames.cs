using static TorchSharp.torch;

namespace Tclr;

/// <summary>Formats names and shapes of tensors for messages.</summary>
internal static class TensorNames
{
    private const int Shown = 5;

    /// <summary>Type and shape, such as <c>Float32 [64,3,3,7,7]</c>.</summary>
    public static string Describe(ScalarType type, IReadOnlyList<long> shape) => $"{type} [{string.Join(',', shape)}]";

    /// <summary>The first five names, and how many more there are.</summary>
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
