namespace Tclr;

/// <summary>The base of every exception that Tclr defines: catch it to report a problem with files, settings or training, apart from faults in the program.</summary>
public abstract class TclrException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">What happened, with the value, what was expected and what to do.</param>
    /// <param name="inner">What caused it, if anything.</param>
    protected TclrException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
