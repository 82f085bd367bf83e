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

    private WeightMapping(IReadOnlyList<Func<string, string?>> rules, bool isAutomatic = false)
    {
        this.rules = rules;
        IsAutomatic = isAutomatic;
    }

    /// <summary>Names stay as they are.</summary>
    public static WeightMapping None { get; } = new([]);

    /// <summary>Finds the weights of a module in a file by itself, where there is one way only.</summary>
    /// <remarks>
    /// <para>
    /// Every name and shape of the module must be in the file, under one prefix (of DataParallel, <c>torch.compile</c>, Lightning, mmaction, MoCo and
    /// others; none is known by name) and in one dictionary of a checkpoint, wherever it lies. What else the file has is left out, but not further
    /// parts of the module's own layers: a deeper network does not fit. Names that wrappers put in between, as <c>_orig_mod</c>, are taken away. Of MoCo's
    /// <c>encoder_q</c> and <c>encoder_k</c> the first is taken. Float16 and BFloat16 are converted to wider types; other conversions need
    /// <see cref="WeightLoadOptions.ConvertTypes"/>.
    /// </para>
    /// <para>
    /// The report says what was done (<see cref="WeightReport.StateDict"/>, <see cref="WeightReport.Prefix"/>, <see cref="WeightReport.Converted"/>,
    /// <see cref="WeightReport.Dropped"/>). If there are several ways or none, loading fails and names them. Rules that are added come first:
    /// <c>Automatic.Under("module.encoder_k.")</c> chooses a prefix.
    /// </para>
    /// </remarks>
    public static WeightMapping Automatic { get; } = new([], isAutomatic: true);

    /// <summary>The encoder in a checkpoint of the TCLR authors' code: what stands under <c>0.</c>, after <c>module.</c> where several GPUs trained.</summary>
    public static WeightMapping TclrEncoder { get; } = None.Rename("module.", string.Empty).Under("0.");

    /// <summary>The projection head in a checkpoint of the TCLR authors' code: what stands under <c>1.</c>, after <c>module.</c> where several GPUs trained.</summary>
    public static WeightMapping TclrHead { get; } = None.Rename("module.", string.Empty).Under("1.");

    /// <summary>Whether the rest of the way to the module's names is found when a file is loaded.</summary>
    internal bool IsAutomatic { get; }

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
        return new([.. rules, rule], IsAutomatic);
    }

    /// <summary>Maps a name. Of <see cref="Automatic"/>, only the rules that were added.</summary>
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
