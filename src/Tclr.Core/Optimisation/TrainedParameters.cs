using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Everything that is trained, by name, in the order in which the optimiser holds it.</summary>
internal sealed class TrainedParameters
{
    private readonly List<(string Name, Parameter Parameter)> all;
    private readonly int decayed;

    /// <summary>Orders the parameters: those with weight decay, then those without.</summary>
    public TrainedParameters(IEnumerable<(string Name, Parameter Parameter)> parameters, bool decayNormsAndBiases)
    {
        var split = parameters.ToLookup(entry => decayNormsAndBiases || entry.Parameter.dim() >= 2);
        all = [.. split[true], .. split[false]];
        decayed = split[true].Count();
    }

    public IReadOnlyList<(string Name, Parameter Parameter)> All => all;

    public OptimizerHelper Optimizer(OptimizerOptions options)
    {
        (IReadOnlyList<Parameter> Parameters, double WeightDecay)[] groups =
            [([.. Of(all.Take(decayed))], options.WeightDecay), ([.. Of(all.Skip(decayed))], 0)];
        return options.Create([.. groups.Where(group => group.Parameters.Count > 0)]);
    }

    /// <summary>The length of all gradients together, a scalar on their device: nobody waits for it here.</summary>
    public Tensor GradientNorm()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var lengths = new List<Tensor>();
        foreach (var (_, parameter) in all)
        {
            if (parameter.grad is { } gradient)
            {
                lengths.Add(gradient.norm());
            }
        }

        return (lengths.Count == 0 ? tensor(0f) : stack(lengths).norm()).MoveToOuterDisposeScope();
    }

    /// <summary>Scales the gradients down so that they are no longer than this together.</summary>
    public void Clip(Tensor norm, double longest)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var factor = (longest / (norm + 1e-6)).clamp(max: 1);
        foreach (var (_, parameter) in all)
        {
            parameter.grad?.mul_(factor);
        }
    }

    /// <summary>The parameters whose gradients are not finite.</summary>
    public IReadOnlyList<string> NonFiniteGradients()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var names = new List<string>();
        foreach (var (name, parameter) in all)
        {
            if (parameter.grad is { } gradient && !gradient.isfinite().all().ToBoolean())
            {
                names.Add(name);
            }
        }

        return names;
    }

    private static IEnumerable<Parameter> Of(IEnumerable<(string Name, Parameter Parameter)> entries) => entries.Select(entry => entry.Parameter);
}
