namespace Tclr.Core;

/// <summary>A file of weights cannot be read, written, or does not fit; the message says which file, where in it, and why.</summary>
/// <remarks>Whatever a file holds, reading it ends in weights or in this exception. A module that was to be loaded is as it was before.</remarks>
public class WeightFileException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public WeightFileException()
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public WeightFileException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error that another one caused.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public WeightFileException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal WeightFileException(string path, long? offset, string reason, Exception? innerException = null)
        : base(offset is { } at ? FormattableString.Invariant($"'{path}', byte {at}: {reason}") : $"'{path}': {reason}", innerException)
    {
        Path = path;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>The file.</summary>
    public string? Path { get; }

    /// <summary>Where in the file, in bytes; <see langword="null"/> where the error is about the file as a whole.</summary>
    public long? Offset { get; }

    /// <summary>What is wrong and what to do.</summary>
    public string? Reason { get; }
}
