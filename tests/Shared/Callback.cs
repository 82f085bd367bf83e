namespace Tclr.Testing;

/// <summary>Keeps what is reported, and calls back at once, on the thread that reports.</summary>
internal sealed class Callback<T>(Action<T>? action = null) : IProgress<T>
{
    private readonly List<T> reports = [];

    public IReadOnlyList<T> Reports
    {
        get
        {
            lock (reports)
            {
                return [.. reports];
            }
        }
    }

    public void Report(T value)
    {
        lock (reports)
        {
            reports.Add(value);
        }

        action?.Invoke(value);
    }
}
