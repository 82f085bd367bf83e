namespace Tclr.Evaluation;

/// <summary>A file of features cannot be read, written, or holds others than are asked for; the message says which file, why, and what to do.</summary>
public sealed class FeatureStoreException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public FeatureStoreException()
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public FeatureStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error that another one caused.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public FeatureStoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
