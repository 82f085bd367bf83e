namespace Tclr.Cli;

/// <summary>The command line asks for what cannot be done.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : TclrException(message, inner);

/// <summary>A run was stopped; the message says where, and how it resumes.</summary>
internal sealed class StoppedException(string message) : OperationCanceledException(message);
