namespace Tclr.Models;

/// <summary>Rules from the names in a file to the names in a module, applied in the order they were added.</summary>
/// <remarks>A mapping does not change: each rule makes a new one.</remarks>
/// <example><code>
/// // The encoder of a TCLR checkpoint, of one GPU or several: 'module.0.stem.0.weight' to 'stem.0.weight'.
/// var mapping = WeightMapping.None.Rename("module.", "").Under("0.");
/// </code></example>
public sealed class WeightMapping
{
    private readonly IReadOnlyList<Func<string, string?>> rules;

    private WeightMapping(IReadOnlyList<Func<string, string?>> rules) => this.rules = rules;

    /// <summary>Names stay as they are.</summary>
    public static WeightMapping None { get; } = new([]);

    /// <summary>The encoder in a checkpoint of the TCLR authors' code: what stands under <c>0.</c>, after <c>module.</c> where several GPUs trained.</summary>
    public static WeightMapping TclrEncoder { get; } = None.Rename("module.", string.Empty).Under("0.");

    /// <summary>The projection head in a checkpoint of the TCLR authors' code: what stands under <c>1.</c>, after <c>module.</c> where several GPUs trained.</summary>
    public static WeightMapping TclrHead { get; } = None.Rename("module.", string.Empty).Under("1.");

    /// <summary>Takes what stands under a prefix, without the prefix, and leaves out the rest.</summary>
    /// <param name="prefix">The prefix with its dot, as <c>backbone.</c>.</param>
    /// <returns>The mapping with this rule at its end.</returns>
    public WeightMapping Under(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return With(name => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null);
    }

    /// <summary>Replaces a prefix where a name has it; other names stay.</summary>
    /// <param name="prefix">The prefix; empty to put something before every name.</param>
    /// <param name="replacement">What to put in its place; empty to take the prefix away.</param>
    /// <returns>The mapping with this rule at its end.</returns>
    public WeightMapping Rename(string prefix, string replacement)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(replacement);
        return With(name => name.StartsWith(prefix, StringComparison.Ordinal) ? replacement + name[prefix.Length..] : name);
    }

    /// <summary>Leaves out what stands under a prefix, as a classifier that is not wanted.</summary>
    /// <param name="prefix">The prefix with its dot, as <c>fc.</c>.</param>
    /// <returns>The mapping with this rule at its end.</returns>
    public WeightMapping Drop(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return With(name => name.StartsWith(prefix, StringComparison.Ordinal) ? null : name);
    }

    /// <summary>Applies a rule of your own.</summary>
    /// <param name="rule">From a name to a name, or to <see langword="null"/> to leave the tensor out.</param>
    /// <returns>The mapping with this rule at its end.</returns>
    public WeightMapping With(Func<string, string?> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new([.. rules, rule]);
    }

    /// <summary>Maps a name.</summary>
    /// <param name="name">The name in the file.</param>
    /// <returns>The name in the module; <see langword="null"/> if the tensor is left out.</returns>
    public string? Apply(string name)
    {
        string? mapped = name;
        foreach (var rule in rules)
        {
            mapped = rule(mapped);
            if (mapped is null)
            {
                return null;
            }
        }

        return mapped;
    }
}
