using Tclr.Weights;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Copies the tensors of a file to live ones. Names, shapes and types must be equal; otherwise none is changed.</summary>
internal static class TensorSet
{
    public static void Restore(WeightFile file, IReadOnlyDictionary<string, Tensor> targets)
    {
        foreach (var (name, target) in targets)
        {
            Find(file, name, target);
        }

        if (file.Tensors.Count != targets.Count)
        {
            throw Error(file, $"expected {targets.Count} tensors, got {file.Tensors.Count}: {TensorNames.Some(file.Tensors.Select(stored => stored.Name).Where(name => !targets.ContainsKey(name)))} too many");
        }

        foreach (var (name, target) in targets)
        {
            file[name].CopyTo(target);
        }
    }

    public static StoredTensor Find(WeightFile file, string name)
        => file.TryGet(name, out var stored) ? stored : throw Error(file, $"expected '{name}', got {TensorNames.Some(file.Tensors.Select(tensor => tensor.Name))}");

    public static StoredTensor Find(WeightFile file, string name, Tensor target)
    {
        var stored = Find(file, name);
        if (stored.Type != target.dtype || !stored.Shape.SequenceEqual(target.shape))
        {
            throw Error(file, $"'{name}': expected {TensorNames.Describe(target.dtype, target.shape)}, got {TensorNames.Describe(stored.Type, stored.Shape)}");
        }

        return stored;
    }

    private static InvalidDataException Error(WeightFile file, string reason) => new($"'{file.Path}': {reason}");
}
