using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The order of the segments of a shuffled view, for each video of a batch.</summary>
internal sealed class SegmentOrder
{
    private readonly int segments;
    private readonly int[] order;

    /// <summary>Draws an order for each video.</summary>
    /// <param name="segments">Number of segments.</param>
    /// <param name="videos">Number of videos of the batch.</param>
    /// <param name="random">The random numbers.</param>
    /// <param name="first">The first video of this rank: those before belong to other ranks.</param>
    public SegmentOrder(int segments, long videos, CounterRandom random, long first = 0)
    {
        this.segments = segments;
        order = new int[videos * segments];
        for (int video = 0; video < videos; video++)
        {
            var own = order.AsSpan(video * segments, segments);
            for (int i = 0; i < segments; i++)
            {
                own[i] = i;
            }

            random.Shuffle(own);
        }

        order = order[(int)(first * segments)..];
    }

    /// <summary>Takes given orders.</summary>
    /// <param name="order">For each video the segment that each place shows.</param>
    public SegmentOrder(IReadOnlyList<int[]> order)
    {
        segments = order[0].Length;
        this.order = [.. order.SelectMany(video => video)];
    }

    /// <summary>Reorders clips.</summary>
    /// <param name="clips">Clips <c>[n, 3, T, H, W]</c>.</param>
    /// <param name="firstVideo">The video of the first clip.</param>
    /// <returns>A copy whose segment <c>j</c> is segment <c>p(j)</c>.</returns>
    /// <exception cref="TrainingException">The clips cannot be cut into the segments.</exception>
    public Tensor Shuffle(Tensor clips, long firstVideo)
    {
        long[] shape = clips.shape;
        long n = shape[0], frames = shape[2];
        if (frames % segments != 0)
        {
            throw new TrainingException($"WithPasses: a clip of {frames} frames cannot be cut into {segments} segments of equal length. Choose a clip length that {segments} divides.");
        }

        using var scope = NewDisposeScope();
        var parts = clips.view(n, shape[1], segments, frames / segments, shape[3], shape[4]).transpose(1, 2).reshape(n * segments, shape[1], frames / segments, shape[3], shape[4]);
        return Take(parts, (int)firstVideo, (int)n, inverse: false).view(n, segments, shape[1], frames / segments, shape[3], shape[4])
            .transpose(1, 2).reshape(shape).MoveToOuterDisposeScope();
    }

    /// <summary>Puts the embeddings of segments back in the order of the clip.</summary>
    /// <param name="embeddings">Embeddings <c>[n, S, D]</c> of shuffled clips.</param>
    /// <param name="firstVideo">The video of the first clip.</param>
    /// <returns>A copy in which embedding <c>j</c> has moved to <c>p(j)</c>.</returns>
    /// <exception cref="TrainingException">There are not as many embeddings as segments.</exception>
    public Tensor Restore(Tensor embeddings, long firstVideo)
    {
        long n = embeddings.shape[0];
        if (embeddings.shape[1] != segments)
        {
            throw new TrainingException($"WithPasses: a head embeds {embeddings.shape[1]} segments of a clip, and the view is shuffled in {segments}: expected as many.");
        }

        using var scope = NewDisposeScope();
        return Take(embeddings.reshape(n * segments, embeddings.shape[2]), (int)firstVideo, (int)n, inverse: true).view(embeddings.shape).MoveToOuterDisposeScope();
    }

    private Tensor Take(Tensor rows, int firstVideo, int videos, bool inverse)
    {
        long[] index = new long[videos * segments];
        for (int i = 0; i < index.Length; i++)
        {
            int video = i / segments, place = i % segments, shown = order[(firstVideo * segments) + i];
            index[(video * segments) + (inverse ? shown : place)] = (video * segments) + (inverse ? place : shown);
        }

        return rows.index_select(0, HostTransfer.ToDevice(tensor(index), rows.device));
    }
}
