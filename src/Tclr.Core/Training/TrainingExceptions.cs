namespace Tclr.Core;

/// <summary>Training cannot continue. Checkpoints saved before are kept.</summary>
/// <param name="message">What happened, with the value, what was expected and what to do.</param>
/// <param name="inner">What caused it, if anything.</param>
public class TrainingException(string message, Exception? inner = null) : TclrException(message, inner)
{
    /// <summary>Whether all processes of the run throw it at the same place, so that none waits for another.</summary>
    internal bool IsOfAllRanks { get; init; }
}

/// <summary>A checkpoint cannot be written, read or resumed. Checkpoints saved before are kept.</summary>
/// <param name="message">What happened, with the value, what was expected and what to do.</param>
/// <param name="inner">What caused it, if anything.</param>
public sealed class CheckpointException(string message, Exception? inner = null) : TrainingException(message, inner);

/// <summary>The trainer's configuration is wrong. The message lists every mistake.</summary>
/// <param name="problems">The mistakes, one sentence each.</param>
public sealed class TclrConfigurationException(IReadOnlyList<string> problems)
    : TclrException("The trainer cannot be built:" + string.Concat(problems.Select(problem => Environment.NewLine + "- " + problem)))
{
    /// <summary>The mistakes, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
