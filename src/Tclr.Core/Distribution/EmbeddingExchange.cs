using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The embeddings of all ranks, from which each rank computes the loss, and the way of the gradient back to its own.</summary>
/// <remarks>
/// The gathered embeddings are leaves of a graph of their own. Their gradient at the rows of this rank then goes on into the graph that
/// computed these rows, as with gradient caching. The tensors are in the caller's dispose scope.
/// </remarks>
internal sealed class EmbeddingExchange
{
    private readonly ICollective collective;
    private readonly Tensor own;
    private readonly Tensor leaf;

    /// <summary>Gathers the embeddings of all ranks.</summary>
    /// <param name="collective">The collective.</param>
    /// <param name="embeddings">Those of this rank; the videos are dimension 1 of each tensor.</param>
    public EmbeddingExchange(ICollective collective, TemporalEmbeddings embeddings)
    {
        this.collective = collective;
        own = Pack(embeddings.Packable);                                            // [b, W]
        var keys = embeddings.Keys is { } found ? Pack(found.Packable) : null;
        var gathered = collective.AllGather((keys is null ? own : cat([own, keys], 1)).detach().contiguous());
        leaf = gathered.narrow(1, 0, own.shape[1]).contiguous().detach().requires_grad_(true);
        int first = 0;
        All = Unpack(embeddings, leaf, embeddings.Keys is { } like ? Unpack(like, gathered.narrow(1, own.shape[1], keys!.shape[1]), keys: null) : null);

        TemporalEmbeddings Unpack(TemporalEmbeddings like, Tensor packed, TemporalEmbeddings? keys)
        {
            first = 0;
            return like.Convert(tensor => Next(tensor, packed), keys);
        }

        Tensor Next(Tensor like, Tensor packed)
        {
            long[] shape = like.shape;
            int width = (int)(like.numel() / shape[1]);
            var rows = packed.narrow(1, first, width).reshape([packed.shape[0], shape[0], .. shape[2..]]);
            first += width;
            return rows.transpose(0, 1).contiguous().to(like.dtype);
        }
    }

    /// <summary>The embeddings of the whole batch.</summary>
    public TemporalEmbeddings All { get; }

    /// <summary>Propagates the gradient of the loss to the networks of this rank.</summary>
    /// <param name="partial">Whether the loss was a share of the whole, whose gradient is the sum over the ranks.</param>
    public void Backward(bool partial)
    {
        var slope = leaf.grad ?? zeros_like(leaf);
        if (partial)
        {
            slope = slope.contiguous();
            collective.AllReduce(slope);
        }

        autograd.backward([own], [slope.narrow(0, collective.Rank * own.shape[0], own.shape[0])]);
    }

    // Rows of videos.
    private static Tensor Pack(IEnumerable<Tensor> tensors) => cat([.. tensors.Select(tensor => tensor.transpose(0, 1).reshape(tensor.shape[1], -1))], 1);
}
