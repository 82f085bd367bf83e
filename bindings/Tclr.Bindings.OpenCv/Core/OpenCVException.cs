namespace OpenCvSharp;

/// <summary>An error that OpenCV reported.</summary>
public class OpenCVException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public OpenCVException()
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="message">OpenCV's message.</param>
    public OpenCVException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error that another one caused.</summary>
    /// <param name="message">OpenCV's message.</param>
    /// <param name="innerException">The cause.</param>
    public OpenCVException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
