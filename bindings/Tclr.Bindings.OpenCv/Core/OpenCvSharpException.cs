namespace OpenCvSharp;

/// <summary>An error of the managed side.</summary>
public class OpenCvSharpException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public OpenCvSharpException()
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="message">What went wrong.</param>
    public OpenCvSharpException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error that another one caused.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public OpenCvSharpException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
