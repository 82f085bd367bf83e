namespace Tclr.Models;

/// <summary>How weights are loaded into a module.</summary>
public sealed record WeightLoadOptions
{
    /// <summary>From the names in the file to those in the module.</summary>
    /// <value>The default value is <see cref="WeightMapping.None"/>: names stay as they are. <see cref="WeightMapping.Automatic"/> finds prefix and <see cref="StateDict"/> by itself.</value>
    public WeightMapping Mapping { get; init; } = WeightMapping.None;

    /// <summary>Whether every tensor of the module must come from the file, and every one of the file go to the module.</summary>
    /// <value>
    /// The default value is <see langword="true"/>. If <see langword="false"/>, missing and unexpected names are only reported;
    /// a wrong shape or type is an error still.
    /// </value>
    public bool Strict { get; init; } = true;

    /// <summary>Whether floating-point numbers of one size may be converted to those of another, as Float16 in the file to Float32 in the module.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool ConvertTypes { get; init; }

    /// <summary>Where in a PyTorch checkpoint the weights are: keys from the outside in, with <c>/</c> between them.</summary>
    /// <value>
    /// The default value is <see langword="null"/>: the checkpoint's <c>state_dict</c>, <c>model_state_dict</c> or <c>model</c>
    /// where it has one, else the checkpoint itself. Other formats have no such place.
    /// </value>
    public string? StateDict { get; init; }
}
