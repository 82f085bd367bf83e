namespace Tclr.Core;

/// <summary>Training cannot go on. What was saved before is kept.</summary>
public class TrainingException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, to what, and what to do.</param>
    /// <param name="inner">What caused it.</param>
    public TrainingException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>A checkpoint cannot be written or read. Those written before are kept.</summary>
/// <param name="message">What happened, to what, and what to do.</param>
/// <param name="inner">What caused it.</param>
public sealed class CheckpointException(string message, Exception? inner = null) : TrainingException(message, inner);

/// <summary>The trainer's configuration has mistakes; the message lists them all.</summary>
/// <param name="problems">The mistakes.</param>
public sealed class TclrConfigurationException(IReadOnlyList<string> problems)
    : Exception("The trainer cannot be built:" + string.Concat(problems.Select(problem => Environment.NewLine + "- " + problem)))
{
    /// <summary>The mistakes, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
