using Tclr.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>An optimizer's state as tensors by name, for checkpoints.</summary>
internal static class OptimizerTensors
{
    /// <summary>Aliases of the state's tensors by name, such as <c>encoder.stem.0.weight/exp_avg</c>; the caller owns them.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> Of(OptimizerHelper optimizer, TrainedParameters parameters)
    {
        foreach (var (name, state) in Pairs(optimizer, parameters))
        {
            switch (state)
            {
                case Adam.State adam:
                    yield return new(name + "/step", tensor(adam.step));
                    yield return new(name + "/exp_avg", adam.exp_avg.alias());
                    yield return new(name + "/exp_avg_sq", adam.exp_avg_sq.alias());
                    break;
                case AdamW.State adam:
                    yield return new(name + "/step", tensor(adam.step));
                    yield return new(name + "/exp_avg", adam.exp_avg.alias());
                    yield return new(name + "/exp_avg_sq", adam.exp_avg_sq.alias());
                    break;
                case SGD.State { momentum_buffer: { } momentum }:
                    yield return new(name + "/momentum", momentum.alias());
                    break;
                case not SGD.State:
                    yield return new(name + "/state", BytesOf(state));
                    break;
            }
        }
    }

    /// <summary>Restores a saved state.</summary>
    /// <exception cref="InvalidDataException">The state belongs to another optimizer or other parameters.</exception>
    public static void Restore(OptimizerHelper optimizer, TrainedParameters parameters, WeightFile file)
    {
        int used = 0;
        foreach (var (name, state) in Pairs(optimizer, parameters))
        {
            switch (state)
            {
                case Adam.State adam:
                    adam.step = Step(name);
                    Copy(name + "/exp_avg", adam.exp_avg);
                    Copy(name + "/exp_avg_sq", adam.exp_avg_sq);
                    break;
                case AdamW.State adam:
                    adam.step = Step(name);
                    Copy(name + "/exp_avg", adam.exp_avg);
                    Copy(name + "/exp_avg_sq", adam.exp_avg_sq);
                    break;
                case SGD.State sgd when file.TryGet(name + "/momentum", out var stored):
                    // The optimizer creates the buffer in its first step.
                    sgd.momentum_buffer?.Dispose();
                    sgd.momentum_buffer = stored.Read().to(parameters.All.First(entry => string.Equals(entry.Name, name, StringComparison.Ordinal)).Parameter.device).DetachFromDisposeScope();
                    used++;
                    break;
                case not SGD.State:
                    used++;
                    using (var stored = TensorSet.Find(file, name + "/state").Read())
                    using (var reader = new BinaryReader(new MemoryStream(stored.bytes.ToArray())))
                    {
                        state.LoadStateDict(reader);
                    }

                    break;
            }
        }

        if (used != file.Tensors.Count)
        {
            throw new InvalidDataException(FormattableString.Invariant($"'{file.Path}': expected the state of {optimizer.GetType().Name}, got {TensorNames.Some(file.Tensors.Select(tensor => tensor.Name))}"));
        }

        long Step(string name)
        {
            used++;
            using var stored = TensorSet.Find(file, name + "/step").Read();
            return stored.item<long>();
        }

        void Copy(string name, Tensor target)
        {
            used++;
            TensorSet.Find(file, name, target).CopyTo(target);
        }
    }

    // The state of a custom optimizer, in TorchSharp's format.
    private static Tensor BytesOf(OptimizerState state)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        state.SaveStateDict(writer);
        writer.Flush();
        return tensor(stream.ToArray());
    }

    private static IEnumerable<(string Name, OptimizerState State)> Pairs(OptimizerHelper optimizer, TrainedParameters parameters)
        => parameters.All.Zip(optimizer.state_dict().State, (entry, state) => (entry.Name, state));
}
