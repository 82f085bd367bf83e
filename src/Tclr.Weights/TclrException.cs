namespace Tclr;

/// <summary>The base class of all exceptions that Tclr defines. Catch it to report problems with files, settings or training.</summary>
public abstract class TclrException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">The error: the value, what was expected, and what to do.</param>
    /// <param name="inner">The cause, if there is one.</param>
    protected TclrException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
