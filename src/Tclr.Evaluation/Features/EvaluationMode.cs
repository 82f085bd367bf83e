using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Sets a network to evaluation mode, until disposed. Each layer gets its own mode back, so that layers frozen by hand stay frozen.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> modes;

    public EvaluationMode(nn.Module network)
    {
        modes = [(network, network.training), .. network.modules().Select(module => (module, module.training))];
        network.eval();
    }

    // Parents come before their children, whose mode they set too.
    public void Dispose() => modes.ForEach(mode => mode.Module.train(mode.Training));
}

/// <summary>Runs work on a thread of its own: libtorch's threads, gradient mode and dispose scopes belong to a thread.</summary>
internal static class OwnThread
{
    public static Task<T> RunAsync<T>(Func<T> work)
        => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
