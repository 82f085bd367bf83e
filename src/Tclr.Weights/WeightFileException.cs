namespace Tclr.Weights;

/// <summary>A weight file cannot be read or written, or does not fit a module; the message names the file, the position and the reason.</summary>
/// <remarks>A file of any content is either read or refused by this exception. If loading fails, the module is unchanged.</remarks>
public class WeightFileException : TclrException
{
    internal WeightFileException(string path, long? offset, string reason, Exception? inner = null)
        : base(offset is { } at ? FormattableString.Invariant($"'{path}', byte {at}: {reason}") : $"'{path}': {reason}", inner)
    {
        Path = path;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>The position in the file in bytes; <see langword="null"/> for an error of the file as a whole.</summary>
    public long? Offset { get; }

    /// <summary>The message without path and position.</summary>
    public string Reason { get; }
}
