using static TorchSharp.torch;

namespace Tclr.Core.Weights;

/// <summary>Copies the tensors of a file to live ones: the same names, shapes and types, or none is touched.</summary>
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
            throw Error(file, $"expected {targets.Count} tensors, got {file.Tensors.Count}: {Names.Some(file.Tensors.Select(stored => stored.Name).Where(name => !targets.ContainsKey(name)))} too many");
        }

        foreach (var (name, target) in targets)
        {
            file[name].CopyTo(target);
        }
    }

    public static StoredTensor Find(WeightFile file, string name)
        => file.TryGet(name, out var stored) ? stored : throw Error(file, $"expected '{name}', got {Names.Some(file.Tensors.Select(tensor => tensor.Name))}");

    public static StoredTensor Find(WeightFile file, string name, Tensor target)
    {
        var stored = Find(file, name);
        if (stored.Type != target.dtype || !stored.Shape.SequenceEqual(target.shape))
        {
            throw Error(file, $"'{name}': expected {Names.Describe(target.dtype, target.shape)}, got {Names.Describe(stored.Type, stored.Shape)}");
        }

        return stored;
    }

    private static WeightFileException Error(WeightFile file, string reason) => new(file.Path, offset: null, reason);
}
