namespace Tclr;

/// <summary>Where tests make file operations fail, as a full disk or a folder that became read-only does.</summary>
internal static class FileFaults
{
    private static readonly AsyncLocal<Action<string, string>?> Handler = new();

    /// <summary>Calls an action before each file operation of this flow of execution.</summary>
    /// <param name="before">Receives the operation and the path; an exception is the fault of the operation.</param>
    public static void Inject(Action<string, string>? before) => Handler.Value = before;

    /// <summary>Called before an operation.</summary>
    public static void Before(string operation, string path) => Handler.Value?.Invoke(operation, path);
}
