using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Evaluation mode for a while: remembers each layer's own mode, so that layers frozen by hand stay frozen.</summary>
internal sealed class EvaluationMode
{
    private readonly List<(nn.Module Module, bool Training)> modes;

    private EvaluationMode(List<(nn.Module Module, bool Training)> modes) => this.modes = modes;

    /// <summary>Sets a network to evaluation mode.</summary>
    public static EvaluationMode Enter(nn.Module network)
    {
        List<(nn.Module Module, bool Training)> before = [(network, network.training)];
        before.AddRange(network.modules().Select(module => (module, module.training)));
        network.eval();
        return new EvaluationMode(before);
    }

    /// <summary>Sets each layer back; parents come before their children, whose mode they set too.</summary>
    public void Restore()
    {
        foreach (var (module, training) in modes)
        {
            module.train(training);
        }
    }
}
