namespace Tclr.Evaluation.Tests;

/// <summary>Calls back at once, on the thread that reports.</summary>
internal sealed class Callback<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
