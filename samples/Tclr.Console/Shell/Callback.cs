namespace Tclr.Cli;

/// <summary>Progress that is handed on at once, on the thread that reports it.</summary>
internal sealed class Callback<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
