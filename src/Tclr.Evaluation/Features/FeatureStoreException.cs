namespace Tclr.Evaluation;

/// <summary>A feature file cannot be read or written, or has other features than requested; the message names the file, the reason and what to do.</summary>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="innerException">The cause.</param>
public sealed class FeatureStoreException(string message, Exception? innerException = null) : TclrException(message, innerException);
