using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The trained parameters by name, in the order of the optimizer.</summary>
internal sealed class TrainedParameters
{
    private readonly List<(string Name, Parameter Parameter)> all;

    /// <summary>Orders the parameters: those with weight decay, then those without.</summary>
    public TrainedParameters(IEnumerable<(string Name, Parameter Parameter)> parameters, bool decayNormsAndBiases)
    {
        var split = parameters.ToLookup(entry => decayNormsAndBiases || entry.Parameter.dim() >= 2);
        all = [.. split[true], .. split[false]];
    }

    public IReadOnlyList<(string Name, Parameter Parameter)> All => all;

    public OptimizerHelper Optimizer(OptimizerOptions options) => options.Create(all.Select(entry => entry.Parameter));

    /// <summary>Sums the gradients over the ranks, and further tensors with them.</summary>
    /// <param name="collective">The collective.</param>
    /// <param name="further">The further tensors, of the same shapes on all ranks.</param>
    public void ReduceGradients(ICollective collective, IEnumerable<Tensor> further)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var sums = all.ConvertAll(entry => (entry.Parameter, IsNew: entry.Parameter.grad is null, Gradient: entry.Parameter.grad ?? zeros_like(entry.Parameter)));
        var users = HostTransfer.ToDevice(tensor([.. sums.Select(sum => sum.IsNew ? 0f : 1f)]), sums[0].Gradient.device);
        FlatTensors.AllReduce(collective, [.. sums.Select(sum => sum.Gradient), .. further, users]);
        if (sums.Exists(sum => sum.IsNew))
        {
            // A parameter that no rank used has no gradient, as in one process.
            foreach (var (sum, count) in sums.Zip(HostTransfer.Read(users)))
            {
                if (sum.IsNew && count > 0)
                {
                    sum.Parameter.grad = sum.Gradient;
                }
            }
        }
    }

    /// <summary>The global gradient norm, a scalar on the device; does not synchronize.</summary>
    public Tensor GradientNorm()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var norms = new List<Tensor>();
        foreach (var (_, parameter) in all)
        {
            if (parameter.grad is { } gradient)
            {
                norms.Add(gradient.norm());
            }
        }

        return (norms.Count == 0 ? tensor(0f) : stack(norms).norm()).MoveToOuterDisposeScope();
    }

    /// <summary>Clips the global gradient norm to <paramref name="maxNorm"/>.</summary>
    public void Clip(Tensor norm, double maxNorm)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var factor = (maxNorm / (norm + 1e-6)).clamp(max: 1);
        foreach (var (_, parameter) in all)
        {
            parameter.grad?.mul_(factor);
        }
    }

    /// <summary>Sets the gradients to 0 unless a condition holds; does not synchronize.</summary>
    /// <param name="condition">A Boolean scalar on the device.</param>
    public void ClearGradientsUnless(Tensor condition)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var clear = condition.logical_not();
        foreach (var (_, parameter) in all)
        {
            parameter.grad?.masked_fill_(clear, 0);
        }
    }

    /// <summary>The names of the parameters whose gradients are not finite.</summary>
    public IReadOnlyList<string> NonFiniteGradients()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var (names, finite) = (new List<string>(), new List<Tensor>());
        foreach (var (name, parameter) in all)
        {
            if (parameter.grad is { } gradient)
            {
                names.Add(name);
                finite.Add(gradient.isfinite().all());
            }
        }

        return names.Count == 0 ? [] : [.. names.Zip(HostTransfer.Read(stack(finite))).Where(entry => entry.Second == 0).Select(entry => entry.First)];
    }
}
