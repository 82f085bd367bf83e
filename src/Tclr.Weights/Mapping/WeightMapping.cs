namespace Tclr.Weights;

/// <summary>A chain of rules that map the names in a file to those in a module, applied in the order they were added.</summary>
/// <remarks>Immutable: adding a rule returns a new mapping.</remarks>
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

    /// <summary>No rule: names stay the same.</summary>
    public static WeightMapping None { get; } = new([]);

    /// <summary>Finds the weights of a module in a file, if exactly one place fits.</summary>
    /// <remarks>
    /// <para>
    /// A place fits if one dictionary of a checkpoint has every name and shape of the module under one prefix, such as those of DataParallel,
    /// <c>torch.compile</c>, Lightning, mmaction or MoCo; prefixes are searched, not looked up in a list. Other tensors of the file are dropped, except
    /// further parts of the module's own layers: a deeper network does not fit. Wrapper names inside a name, such as <c>_orig_mod</c>, are removed.
    /// Of MoCo's <c>encoder_q</c> and <c>encoder_k</c> the first is used. Float16 and BFloat16 are converted to wider types; other conversions need
    /// <see cref="WeightLoadOptions.ConvertTypes"/>.
    /// </para>
    /// <para>
    /// The report says what was done (<see cref="WeightReport.StateDict"/>, <see cref="WeightReport.Prefix"/>, <see cref="WeightReport.Converted"/>,
    /// <see cref="WeightReport.Dropped"/>). If no place fits, or several do, loading fails and names them. Added rules are applied first:
    /// <c>Automatic.Under("module.encoder_k.")</c> chooses a prefix.
    /// </para>
    /// </remarks>
    public static WeightMapping Automatic { get; } = new([], isAutomatic: true);

    /// <summary>The encoder in a checkpoint of the TCLR authors' code: names under <c>0.</c>, or <c>module.0.</c> if trained on several GPUs.</summary>
    public static WeightMapping TclrEncoder { get; } = None.Rename("module.", string.Empty).Under("0.");

    /// <summary>The projection head in a checkpoint of the TCLR authors' code: names under <c>1.</c>, or <c>module.1.</c> if trained on several GPUs.</summary>
    public static WeightMapping TclrHead { get; } = None.Rename("module.", string.Empty).Under("1.");

    /// <summary>Whether dictionary and prefix are searched when a file is loaded.</summary>
    internal bool IsAutomatic { get; }

    /// <summary>Keeps names with a prefix, removes the prefix, and drops all other tensors.</summary>
    /// <param name="prefix">The prefix with its dot, such as <c>backbone.</c>.</param>
    /// <returns>The mapping with this rule added.</returns>
    public WeightMapping Under(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return With(name => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null);
    }

    /// <summary>Replaces a prefix; names without it stay the same.</summary>
    /// <param name="prefix">The prefix; empty to prepend the replacement to every name.</param>
    /// <param name="replacement">What replaces it; empty to remove the prefix.</param>
    /// <returns>The mapping with this rule added.</returns>
    public WeightMapping Rename(string prefix, string replacement)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(replacement);
        return With(name => name.StartsWith(prefix, StringComparison.Ordinal) ? replacement + name[prefix.Length..] : name);
    }

    /// <summary>Drops tensors with a prefix, such as a classifier's.</summary>
    /// <param name="prefix">The prefix with its dot, such as <c>fc.</c>.</param>
    /// <returns>The mapping with this rule added.</returns>
    public WeightMapping Drop(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return With(name => name.StartsWith(prefix, StringComparison.Ordinal) ? null : name);
    }

    /// <summary>Adds a custom rule.</summary>
    /// <param name="rule">Maps a name to a name, or to <see langword="null"/> to drop the tensor.</param>
    /// <returns>The mapping with this rule added.</returns>
    public WeightMapping With(Func<string, string?> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new([.. rules, rule], IsAutomatic);
    }

    /// <summary>Maps a name by the added rules.</summary>
    /// <param name="name">The name in the file.</param>
    /// <returns>The name in the module; <see langword="null"/> if the tensor is dropped.</returns>
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
