using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Sets a network to evaluation mode until it is disposed, then restores the mode of each layer.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> modes;

    public EvaluationMode(nn.Module network)
    {
        modes = [(network, network.training), .. network.modules().Select(module => (module, module.training))];
        network.eval();
    }

    // Parents first, because train() also sets the mode of the children.
    public void Dispose() => modes.ForEach(mode => mode.Module.train(mode.Training));
}

/// <summary>Runs work on a dedicated thread, because libtorch's gradient mode and dispose scopes are per thread.</summary>
internal static class OwnThread
{
    public static Task<T> RunAsync<T>(Func<T> work)
        => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
