namespace Tclr.Models;

/// <summary>A place in a file where weights of a module are.</summary>
/// <param name="StateDict">The dictionary of a PyTorch checkpoint, as <see cref="WeightLoadOptions.StateDict"/> names it; <see langword="null"/> for the one at the top, and in other formats.</param>
/// <param name="Prefix">The prefix of the names; may be empty.</param>
public sealed record WeightPlace(string? StateDict, string Prefix)
{
    /// <summary>Both, as far as there are any.</summary>
    /// <returns>As <c>'state_dict' under 'module.'</c>.</returns>
    public override string ToString() => (StateDict, Prefix) switch
    {
        (null, "") => "the file",
        (null, _) => $"the file under '{Prefix}'",
        (_, "") => $"'{StateDict}'",
        _ => $"'{StateDict}' under '{Prefix}'",
    };
}
