namespace Tclr.Weights;

/// <summary>A dictionary and a prefix in a file under which a module's weights are stored.</summary>
/// <param name="StateDict">The dictionary of a PyTorch checkpoint, as in <see cref="WeightLoadOptions.StateDict"/>; <see langword="null"/> for the top level, and in other formats.</param>
/// <param name="Prefix">The prefix of the names; may be empty.</param>
internal sealed record WeightPlace(string? StateDict, string Prefix)
{
    /// <summary>Returns dictionary and prefix.</summary>
    /// <returns>Such as <c>'state_dict' under 'module.'</c>.</returns>
    public override string ToString() => (StateDict, Prefix) switch
    {
        (null, "") => "the file",
        (null, _) => $"the file under '{Prefix}'",
        (_, "") => $"'{StateDict}'",
        _ => $"'{StateDict}' under '{Prefix}'",
    };
}
