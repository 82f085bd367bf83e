namespace Tclr.Evaluation;

/// <summary>Work on a thread of its own, since libtorch's threads, gradient mode and dispose scopes belong to a thread.</summary>
internal static class OwnThread
{
    public static Task<T> RunAsync<T>(Func<T> work)
        => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
