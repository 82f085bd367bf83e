namespace Tclr.Fuzz;

/// <summary>A reader that is given files of any content. It returns, or throws one of the exceptions that it documents.</summary>
/// <param name="name">Name on the command line.</param>
/// <param name="fileName">Path of the file in the working folder; <see langword="null"/> if <see cref="Prepare"/> sets it.</param>
internal abstract class FuzzTarget(string name, string? fileName)
{
    public string Name => name;

    /// <summary>Path of the file in the working folder.</summary>
    public string FileName { get; protected set; } = fileName ?? string.Empty;

    /// <summary>Number of cases of a test run.</summary>
    public virtual int BoundedCases => 1000;

    /// <summary>Words of the format, which mutations insert.</summary>
    public virtual IReadOnlyList<string> Tokens => [];

    /// <summary>Makes the other files that the reader needs.</summary>
    /// <param name="folder">The working folder.</param>
    /// <returns>Valid files, as the library writes them.</returns>
    public abstract IEnumerable<byte[]> Prepare(string folder);

    /// <summary>Corrects the checksums of a mutated file, so that mutations reach what lies behind them.</summary>
    public virtual byte[] Complete(byte[] input) => input;

    /// <summary>Reads the file, and uses what was read.</summary>
    public abstract void Read(string path);

    /// <summary>Whether the reader documents an exception.</summary>
    public virtual bool IsTyped(Exception exception) => exception is TclrException;

    public override string ToString() => Name;
}
