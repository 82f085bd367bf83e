namespace Tclr.Weights;

/// <summary>Options of loading weights into a module.</summary>
public sealed record WeightLoadOptions
{
    /// <summary>Maps the names in the file to those in the module.</summary>
    /// <value>The default value is <see cref="WeightMapping.None"/>: equal names. <see cref="WeightMapping.Automatic"/> finds the prefix and <see cref="StateDict"/>.</value>
    public WeightMapping Mapping { get; init; } = WeightMapping.None;

    /// <summary>Whether file and module must have the same names, as with PyTorch's <c>load_state_dict(strict=True)</c>.</summary>
    /// <value>
    /// The default value is <see langword="true"/>. If <see langword="false"/>, missing and unexpected names are only reported;
    /// a wrong shape or type is still an error.
    /// </value>
    public bool Strict { get; init; } = true;

    /// <summary>Whether to convert between floating-point types, such as Float16 in the file and Float32 in the module.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool ConvertTypes { get; init; }

    /// <summary>The key of the weights in a PyTorch checkpoint; nested keys are joined by <c>/</c>, such as <c>ema/encoder</c>.</summary>
    /// <value>
    /// The default value is <see langword="null"/>: the checkpoint's <c>state_dict</c>, <c>model_state_dict</c>, <c>model_state</c> or <c>model</c>
    /// if it has one, otherwise the checkpoint itself. Other formats have no nested dictionaries, and ignore it.
    /// </value>
    public string? StateDict { get; init; }

    /// <summary>Additional Python types to skip in a PyTorch checkpoint, such as <c>mypackage.config.Config</c>. They are never executed.</summary>
    /// <value>The default value is none.</value>
    public IReadOnlyCollection<string> IgnoredTypes { get; init; } = [];
}
