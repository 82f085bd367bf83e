namespace Tclr.Distributed;

/// <summary>The processes of a job cannot exchange data. The collective cannot be used afterwards.</summary>
/// <param name="message">What happened, on which rank and in which collective, and what to do.</param>
/// <param name="inner">What caused it, if anything.</param>
public sealed class CollectiveException(string message, Exception? inner = null) : TclrException(message, inner);
