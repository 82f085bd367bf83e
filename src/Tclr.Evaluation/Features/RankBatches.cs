using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Batches of features that the ranks of a job compute by turns: batch <c>i</c> by rank <c>i mod Size</c>.</summary>
/// <param name="collective">The collective.</param>
internal sealed class RankBatches(ICollective collective)
{
    /// <summary>The batches of this rank.</summary>
    public int[][] Own(int[][] batches) => [.. batches.Where((_, i) => i % collective.Size == collective.Rank)];

    /// <summary>Runs what may fail on any rank; it fails on all then.</summary>
    /// <exception cref="OperationCanceledException">Another rank was canceled.</exception>
    /// <exception cref="InvalidOperationException">It failed on another rank.</exception>
    public void Together(Action action) => RankAgreement.Together(
        collective,
        action,
        message => message.Contains(nameof(OperationCanceledException), StringComparison.Ordinal) || message.Contains(nameof(TaskCanceledException), StringComparison.Ordinal)
            ? new OperationCanceledException(message)
            : new InvalidOperationException(message));

    /// <summary>Refuses ranks that do something else.</summary>
    /// <param name="description">Encoder, clips and batches of this rank.</param>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public void RequireSame(string description)
    {
        string[] all = RankAgreement.GatherText(collective, description);
        if (Array.FindIndex(all, other => !string.Equals(other, all[0], StringComparison.Ordinal)) is > 0 and var rank)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"{nameof(FeatureExtractor)}: expected the same encoder, clips and batch size on all ranks, got '{all[0]}' on rank 0 and '{all[rank]}' on rank {rank}"));
        }
    }

    /// <summary>The videos of rank 0 that lack features, on all ranks.</summary>
    /// <param name="missing">Whether each video lacks its feature; read on rank 0.</param>
    public bool[] FromFirst(bool[] missing)
    {
        using var scope = NewDisposeScope();
        var flags = tensor(Array.ConvertAll(missing, flag => (byte)(flag ? 1 : 0)));
        collective.Broadcast(flags);
        return Array.ConvertAll(flags.data<byte>().ToArray(), flag => flag != 0);
    }

    /// <summary>Computes the batches and passes their features on, in order.</summary>
    /// <param name="batches">All batches.</param>
    /// <param name="batchSize">Videos in a batch, at most.</param>
    /// <param name="empty">Features of no video <c>[0, D]</c>.</param>
    /// <param name="own">The features of the batches of this rank, in order; ownership passes.</param>
    /// <param name="take">Receives the features of each batch on each rank; ownership passes. It may throw.</param>
    /// <param name="cancellationToken">Cancels all ranks.</param>
    public void Run(int[][] batches, int batchSize, Tensor empty, IEnumerable<Tensor> own, Action<int[], Tensor> take, CancellationToken cancellationToken)
    {
        using var mine = own.GetEnumerator();
        int size = collective.Size;
        for (int first = 0; first < batches.Length; first += size)
        {
            using var scope = NewDisposeScope();
            int number = first + collective.Rank;
            var rows = zeros([batchSize, empty.shape[1]], empty.dtype);
            Together(() =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (number < batches.Length && mine.MoveNext())
                {
                    using var features = mine.Current;
                    rows.narrow(0, 0, features.shape[0]).copy_(features);
                }
            });
            var all = collective.AllGather(rows);
            Together(() =>
            {
                for (int i = first; i < Math.Min(first + size, batches.Length); i++)
                {
                    take(batches[i], all.narrow(0, (i - first) * (long)batchSize, batches[i].Length).clone().DetachFromDisposeScope());
                }
            });
        }
    }
}
