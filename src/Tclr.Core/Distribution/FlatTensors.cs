using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Exchanges many tensors as one for each data type: a collective call costs more than the copy.</summary>
internal static class FlatTensors
{
    /// <summary>Sums tensors over the ranks, in place.</summary>
    public static void AllReduce(ICollective collective, IEnumerable<Tensor> tensors) => Exchange(tensors, collective.AllReduce);

    /// <summary>Copies the tensors of rank 0 to all ranks, in place.</summary>
    public static void Broadcast(ICollective collective, IEnumerable<Tensor> tensors) => Exchange(tensors, collective.Broadcast);

    private static void Exchange(IEnumerable<Tensor> tensors, Action<Tensor> exchange)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        foreach (var group in tensors.GroupBy(tensor => ExchangeType(tensor.dtype)).OrderBy(group => group.Key))
        {
            using var inner = NewDisposeScope();
            var flat = cat([.. group.Select(tensor => Converted(tensor, group.Key).reshape(-1))], 0);
            exchange(flat);
            long first = 0;
            foreach (var tensor in group)
            {
                tensor.copy_(flat.narrow(0, first, tensor.numel()).view(tensor.shape));
                first += tensor.numel();
            }
        }
    }

    private static Tensor Converted(Tensor tensor, ScalarType type)
        => type == ScalarType.Int64 ? tensor.detach().to(type, CPU) : tensor.detach().to(type);

    // Half precision is exact in float32. Integers are few.
    private static ScalarType ExchangeType(ScalarType type) => type switch
    {
        ScalarType.Float64 => ScalarType.Float64,
        ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16 => ScalarType.Float32,
        _ => ScalarType.Int64,
    };
}
