namespace Tclr;

/// <summary>A recipe cannot be read, written or used. The message names the file, where there is one, and the place in it.</summary>
/// <param name="message">What is wrong, and where.</param>
/// <param name="inner">The cause, if any.</param>
public sealed class RecipeException(string message, Exception? inner = null) : TclrException(message, inner);
