namespace Tclr.Weights;

/// <summary>A place in a file where the weights of a module are.</summary>
/// <param name="StateDict">The dictionary of a PyTorch checkpoint, as in <see cref="WeightLoadOptions.StateDict"/>; <see langword="null"/> for the top level, and in other formats.</param>
/// <param name="Prefix">The prefix of the names; may be empty.</param>
public sealed record WeightPlace(string? StateDict, string Prefix)
{
    /// <summary>Dictionary and prefix.</summary>
    /// <returns>Such as <c>'state_dict' under 'module.'</c>.</returns>
    public override string ToString() => (StateDict, Prefix) switch
    {
        (null, "") => "the file",
        (null, _) => $"the file under '{Prefix}'",
        (_, "") => $"'{StateDict}'",
        _ => $"'{StateDict}' under '{Prefix}'",
    };
}
