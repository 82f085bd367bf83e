using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>
/// Casts the weights of a network's convolutions and linear layers to a lower precision and keeps float32 master weights, so that
/// small updates are not lost in rounding.
/// </summary>
internal sealed class MasterWeights : IDisposable
{
    private readonly nn.Module network;
    private readonly Dictionary<string, (Parameter Master, Parameter Weight)> pairs = new(StringComparer.Ordinal);

    public MasterWeights(nn.Module network, ScalarType type)
    {
        this.network = network;
        using var scope = NewDisposeScope();
        var originals = network.named_parameters().ToDictionary(entry => entry.Item1, entry => entry.Item2.detach().clone(), StringComparer.Ordinal);
        foreach (var module in network.modules())
        {
            if (module.parameters(recurse: false).Any(parameter => parameter.dim() >= 2))
            {
                module.to(type);
            }
        }

        foreach (var (name, weight) in network.named_parameters())
        {
            if (weight.dtype == type)
            {
                pairs.Add(name, (new Parameter(originals[name]), weight));
            }
        }

        foreach (var (master, _) in pairs.Values)
        {
            master.DetachFromDisposeScope();
        }
    }

    /// <summary>The parameters to optimize: master weights in place of the lower-precision ones.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters
        => network.named_parameters().Select(entry => (entry.Item1, pairs.TryGetValue(entry.Item1, out var pair) ? pair.Master : entry.Item2));

    /// <summary>The network's state dictionary, with the master weights.</summary>
    public Dictionary<string, Tensor> State
    {
        get
        {
            var state = network.state_dict();
            foreach (var (name, (master, _)) in pairs)
            {
                state[name] = master;
            }

            return state;
        }
    }

    /// <summary>Moves the gradients of the lower-precision weights to the master weights.</summary>
    public void TakeGradients()
    {
        foreach (var (master, weight) in pairs.Values)
        {
            using var scope = NewDisposeScope();
            if (weight.grad is { } gradient)
            {
                var wide = gradient.to(ScalarType.Float32);
                if (master.grad is { } sum)
                {
                    sum.add_(wide);
                }
                else
                {
                    master.grad = wide;
                }

                gradient.zero_();
            }
        }
    }

    /// <summary>Copies the master weights to the network, rounded.</summary>
    public void Publish()
    {
        using var unrecorded = no_grad();
        foreach (var (master, weight) in pairs.Values)
        {
            weight.copy_(master);
        }
    }

    public void Dispose()
    {
        foreach (var (master, _) in pairs.Values)
        {
            master.Dispose();
        }
    }
}
