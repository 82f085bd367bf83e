using System.Reflection;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Distributed.Tests.Worker;

/// <summary>Every operation with every type, size and layout, with other numbers on each rank, against numbers computed without it.</summary>
internal static class Operations
{
    private static readonly ScalarType[] Types = [ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Byte];

    public static void Run()
    {
        // Small pieces and messages, so that tensors of tests take more than one.
        using var ranks = Collectives.FromLauncher(new CollectiveOptions { ChunkBytes = 1 << 12, Seams = new CollectiveSeams { MessageBytes = 3000 } });
        long alive = Tensor.TotalCount;
        foreach (var type in Types)
        {
            // Empty, small, just one piece of 4 KiB, and several, the last one short.
            foreach (long count in new long[] { 0, 1, 7, 1024, 5003 })
            {
                Sums(ranks, Values(ranks.Rank, type, count), type, count);
                Gathers(ranks, type, count);
                Broadcasts(ranks, type, count);
            }
        }

        Layouts(ranks);
        Leaves(ranks);
        Refuses(ranks);
        Threads(ranks);
        NullReferencesAreCaught();
        Assert.That(Tensor.TotalCount, Is.EqualTo(alive), "tensors alive");
        Program.Say(ranks, $"done of {ranks.Size}");
    }

    // Different on each rank and at each place; sums are exact in each type, and those of bytes exceed 255.
    private static Tensor Values(int rank, ScalarType type, long count)
    {
        using var scope = NewDisposeScope();
        return ((((arange(count, ScalarType.Int64) * 7) + (13 * rank)) % 61) + (rank * 50)).to(type).MoveToOuterDisposeScope();
    }

    private static void Sums(ICollective ranks, Tensor tensor, ScalarType type, long count)
    {
        using var scope = NewDisposeScope();
        ranks.AllReduce(tensor);
        var expected = zeros(count, ScalarType.Int64);
        for (int rank = 0; rank < ranks.Size; rank++)
        {
            expected = expected + Values(rank, type, count).to(ScalarType.Int64);
        }

        Equal(tensor, expected.to(type), $"sum of {count} {type}");
        tensor.Dispose();
    }

    private static void Gathers(ICollective ranks, ScalarType type, long count)
    {
        using var scope = NewDisposeScope();
        var all = ranks.AllGather(Values(ranks.Rank, type, count));
        Equal(all, cat([.. Enumerable.Range(0, ranks.Size).Select(rank => Values(rank, type, count))]), $"gather of {count} {type}");
    }

    private static void Broadcasts(ICollective ranks, ScalarType type, long count)
    {
        using var scope = NewDisposeScope();
        var tensor = Values(ranks.Rank, type, count);
        ranks.Broadcast(tensor);
        Equal(tensor, Values(0, type, count), $"broadcast of {count} {type}");
    }

    // A tensor whose elements do not lie one behind the other, and one without dimensions.
    private static void Layouts(ICollective ranks)
    {
        using var scope = NewDisposeScope();
        var whole = (arange(24, ScalarType.Float32) * (ranks.Rank + 1)).reshape(4, 6);
        var expected = arange(24, ScalarType.Float32).reshape(4, 6).transpose(0, 1);
        int total = ranks.Size * (ranks.Size + 1) / 2;
        Equal(ranks.AllGather(whole.transpose(0, 1)), cat([.. Enumerable.Range(1, ranks.Size).Select(factor => expected * factor)]), "gather of a transposed tensor");
        Equal(ranks.AllGather(whole.narrow(1, 2, 3)), cat([.. Enumerable.Range(1, ranks.Size).Select(factor => expected.transpose(0, 1).narrow(1, 2, 3) * factor)]), "gather of columns");
        ranks.AllReduce(whole.transpose(0, 1));
        Equal(whole, expected.transpose(0, 1) * total, "sum of a transposed tensor");
        ranks.Broadcast(whole.narrow(1, 1, 2));
        Equal(whole, expected.transpose(0, 1) * total, "broadcast of columns");
        var half = (ones(4, 6, ScalarType.BFloat16) * (ranks.Rank + 1)).transpose(0, 1);
        ranks.AllReduce(half);
        Equal(half, full([6, 4], total, ScalarType.BFloat16), "sum of a transposed half");
        var scalar = tensor((double)ranks.Rank);
        ranks.AllReduce(scalar);
        Equal(scalar, tensor((double)(total - ranks.Size)), "sum of a scalar");
        ranks.Barrier();
    }

    // Weights that require a gradient are exchanged like all tensors, and remain leaves.
    private static void Leaves(ICollective ranks)
    {
        using var scope = NewDisposeScope();
        var leaf = full([3, 2], ranks.Rank + 2.0, requires_grad: true);
        ranks.Broadcast(leaf);
        ranks.AllReduce(leaf.transpose(0, 1));
        var all = ranks.AllGather(leaf);
        Equal(leaf.detach(), full([3, 2], 2.0 * ranks.Size), "a leaf");
        Assert.That((leaf.is_leaf, leaf.requires_grad, all.requires_grad), Is.EqualTo((true, true, false)));
    }

    // Without a word to the other ranks, and so that the collective can still be used.
    private static void Refuses(ICollective ranks)
    {
        using var scope = NewDisposeScope();
        Assert.That(() => ranks.AllReduce(ones(2, ScalarType.Bool)), Throws.ArgumentException.With.Message.Contains("AllReduce: expected a tensor of float32").And.Message.Contains("got Bool"));
        Assert.That(() => ranks.AllGather(tensor(1.0)), Throws.ArgumentException.With.Message.Contains("expected rows [n, ...]"));
        Assert.That(() => ranks.Broadcast(ones(2, device: "meta")), Throws.ArgumentException.With.Message.Contains("on the CPU or on a CUDA device"));
        Assert.That(() => ranks.AllReduce(null!), Throws.ArgumentNullException);
        Assert.That(() => ranks.Abort(" "), Throws.ArgumentException);
        Assert.That(() => Collectives.FromLauncher(), Throws.InstanceOf<CollectiveException>().With.Message.Contains("already initialized"));
    }

    // The processes of one machine share its processors.
    private static void Threads(ICollective ranks)
        => Assert.That(get_num_threads(), Is.EqualTo(Math.Max(1, Environment.ProcessorCount / ranks.Size)));

    // UCX, which MPI loads, would end the process.
    private static void NullReferencesAreCaught()
    {
        string? none = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyMetadataAttribute>()?.Value;
        Assert.That(() => none!.Length, Throws.InstanceOf<NullReferenceException>());
    }

    private static void Equal(Tensor actual, Tensor expected, string what)
    {
        Assert.That(actual.dtype, Is.EqualTo(expected.dtype), what);
        Assert.That(actual.shape, Is.EqualTo(expected.shape), what);
        Assert.That(actual.equal(expected).all().item<bool>(), Is.True, what);
    }
}
