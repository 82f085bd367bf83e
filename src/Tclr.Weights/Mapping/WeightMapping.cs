namespace Tclr.Weights;

/// <summary>A chain of rules that map the names in a file to those in a module, applied in the order they were added.</summary>
/// <remarks>Immutable: adding a rule returns a new mapping.</remarks>
/// <example><code>
/// // The encoder in a checkpoint that has it under 'backbone.', without its classifier.
/// var mapping = WeightMapping.None.Under("backbone.").Drop("fc.");
/// </code></example>
public sealed class WeightMapping
{
    private readonly IReadOnlyList<MappingRule> rules;

    private WeightMapping(IReadOnlyList<MappingRule> rules, bool isAutomatic = false, bool isKeras = false)
    {
        this.rules = rules;
        IsAutomatic = isAutomatic;
        IsKeras = isKeras;
    }

    /// <summary>No rule: names stay the same.</summary>
    public static WeightMapping None { get; } = new([]);

    /// <summary>Finds the weights of a module in a file, if they are at exactly one place.</summary>
    /// <remarks>
    /// <para>
    /// A place fits if one dictionary of a checkpoint has every name and shape of the module under one prefix. Prefixes are searched, not looked
    /// up in a list: those of DataParallel, <c>torch.compile</c>, Lightning, mmaction and MoCo are found, and any other. Names and kernels of
    /// TensorFlow checkpoints are translated first, as by <see cref="Keras"/>, <see cref="CvrlEncoder"/> and <see cref="CvrlHead"/>. Other tensors
    /// are dropped, except further parts of the module's own layers: a deeper network does not fit. Wrappers inside a name, such as
    /// <c>_orig_mod</c>, are removed. Of MoCo's query and key encoders (<c>encoder_q</c>, <c>encoder_k</c>) the query encoder is used. Float16 and
    /// BFloat16 are converted to wider types; other conversions need <see cref="WeightLoadOptions.ConvertTypes"/>.
    /// </para>
    /// <para>
    /// The report says what was done (<see cref="WeightReport.StateDict"/>, <see cref="WeightReport.Prefix"/>, <see cref="WeightReport.Converted"/>,
    /// <see cref="WeightReport.Dropped"/>). If no place fits, or several do, loading fails and the error names them. Added rules are applied first:
    /// <c>Automatic.Under("module.encoder_k.")</c> chooses a prefix.
    /// </para>
    /// </remarks>
    public static WeightMapping Automatic { get; } = new([], isAutomatic: true);

    /// <summary>Keras layers in a TensorFlow checkpoint, to the names and layouts of PyTorch's.</summary>
    /// <remarks>
    /// <c>net/conv/kernel/.ATTRIBUTES/VARIABLE_VALUE</c> becomes <c>net.conv.weight</c>, with its dimensions permuted: <c>[..., in, out]</c> to
    /// <c>[out, in, ...]</c>. <c>gamma</c>, <c>beta</c>, <c>moving_mean</c> and <c>moving_variance</c> become <c>weight</c>, <c>bias</c>,
    /// <c>running_mean</c> and <c>running_var</c>. The state of the optimizer and the counters are dropped. The module's
    /// <c>num_batches_tracked</c>, which Keras lacks, is not missing. Kernels of convolutions and linear layers are supported, those of depthwise
    /// and transposed convolutions and of recurrent layers are not.
    /// </remarks>
    public static WeightMapping Keras { get; } = new([KerasNames.Map], isKeras: true);

    /// <summary>The encoder in a checkpoint of CVRL's TensorFlow code (tensorflow/models, <c>official/projects/video_ssl</c>): 3D ResNets of any depth and width.</summary>
    /// <remarks>The checkpoints of R3D-50 have 265 tensors. Names follow the code; see the guide on weights for what was checked.</remarks>
    public static WeightMapping CvrlEncoder { get; } = Cvrl(Keras).Under("backbone.");

    /// <summary>The projection head in a checkpoint of a CVRL pretraining run. The published checkpoints have the encoder only.</summary>
    public static WeightMapping CvrlHead { get; } = Cvrl(Keras).Under("model.").Drop("layer_with_weights-0.");

    /// <summary>The trained encoder in a checkpoint of DualVar's code, of its SimCLR or MoCo form: names under <c>encoder_q.0.</c>. The key encoder is dropped.</summary>
    public static WeightMapping DualVarEncoder { get; } = Unparalleled.Under("encoder_q.0.");

    /// <summary>The projection head of clips in a checkpoint of DualVar's code: <c>encoder_q.2.</c> and <c>encoder_q.4.</c></summary>
    public static WeightMapping DualVarClipHead { get; } = Unparalleled.Under("encoder_q.").Drop("0.");

    /// <summary>The projection head of segments in a checkpoint of DualVar's code: names under <c>series_proj_head.</c>, in the MoCo form <c>series_proj_head_q.</c></summary>
    public static WeightMapping DualVarSeriesHead { get; } = Unparalleled.Rename("series_proj_head_q.", "series_proj_head.").Under("series_proj_head.");

    /// <summary>The encoder in a checkpoint of the TCLR authors' code: names under <c>0.</c></summary>
    public static WeightMapping TclrReferenceEncoder { get; } = Unparalleled.Under("0.");

    /// <summary>The projection head in a checkpoint of the TCLR authors' code: names under <c>1.</c></summary>
    public static WeightMapping TclrReferenceHead { get; } = Unparalleled.Under("1.");

    /// <summary>Whether dictionary and prefix are searched when a file is loaded.</summary>
    internal bool IsAutomatic { get; }

    /// <summary>Whether the names in the file are Keras's, which has no <c>num_batches_tracked</c>.</summary>
    internal bool IsKeras { get; }

    // DataParallel puts 'module.' before the names of a network trained on several GPUs.
    private static WeightMapping Unparalleled => None.Rename("module.", string.Empty);

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
    /// <param name="replacement">The new prefix; empty to remove the old one.</param>
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
        return With(names =>
        {
            foreach (ref var name in names)
            {
                name = name is not null && rule(name.Name) is { } mapped ? name with { Name = mapped } : null;
            }
        });
    }

    /// <summary>Maps the names of a file, each to where it goes; <see langword="null"/> where the tensor is dropped.</summary>
    internal MappedName?[] Map(IEnumerable<string> names)
    {
        MappedName?[] mapped = [.. names.Select(name => new MappedName(name))];
        foreach (var rule in rules)
        {
            rule(mapped);
        }

        return mapped;
    }

    /// <summary>The mapping for a file with Keras's names: they are translated first, then come the added rules, then CVRL's numbered layers.</summary>
    internal WeightMapping AfterKeras() => Cvrl(new([KerasNames.Map, .. rules], IsAutomatic, isKeras: true));

    private static WeightMapping Cvrl(WeightMapping mapping) => mapping.With(CvrlNames.Map);

    private WeightMapping With(MappingRule rule) => new([.. rules, rule], IsAutomatic, IsKeras);
}
