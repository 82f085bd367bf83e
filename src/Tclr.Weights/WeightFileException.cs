namespace Tclr.Weights;

/// <summary>A weight file cannot be read or written, or does not fit a module; the message names the file, the position and the reason.</summary>
/// <remarks>A file of any content is either read or refused by this exception. If loading fails, the module is unchanged.</remarks>
public sealed class WeightFileException : TclrException
{
    internal WeightFileException(string path, long? offset, string reason, Exception? inner = null)
        : base(offset is { } at ? FormattableString.Invariant($"'{path}', byte {at}: {reason}") : $"'{path}': {reason}", inner)
    {
        Path = path;
        Offset = offset;
        Reason = reason;
    }

    internal WeightFileException(string path, WeightReport report, string reason, IReadOnlyList<WeightPlace>? places = null)
        : this(path, offset: null, reason)
    {
        Report = report;
        Places = [.. (places ?? []).Select(place => (place.StateDict, place.Prefix))];
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>The position in the file in bytes; <see langword="null"/> for an error of the file as a whole.</summary>
    public long? Offset { get; }

    /// <summary>The message without path and position.</summary>
    public string Reason { get; }

    /// <summary>The comparison of file and module, if the file is valid but does not fit; with <see cref="WeightMapping.Automatic"/>, at the closest match.</summary>
    /// <value><see langword="null"/> for other errors.</value>
    public WeightReport? Report { get; }

    /// <summary>The places that fit, if <see cref="WeightMapping.Automatic"/> found more than one: dictionary and prefix of each, as in <see cref="WeightReport"/>.</summary>
    /// <value>Empty for other errors.</value>
    public IReadOnlyList<(string? StateDict, string Prefix)> Places { get; } = [];
}
