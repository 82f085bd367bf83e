namespace Tclr.Evaluation;

/// <summary>The neighbors that <see cref="Retrieval"/> found, and how often they share the query's label.</summary>
public sealed class RetrievalResult
{
    private readonly int[] neighbors;
    private readonly float[] similarities;
    private readonly int[] firstHits;

    internal RetrievalResult(int[] neighbors, float[] similarities, int depth, IReadOnlyList<int> queryLabels, IReadOnlyList<int> galleryLabels)
    {
        this.neighbors = neighbors;
        this.similarities = similarities;
        Depth = depth;
        QueryCount = queryLabels.Count;
        firstHits = new int[QueryCount];
        for (int query = 0; query < QueryCount; query++)
        {
            int rank = 0;
            while (rank < depth && galleryLabels[neighbors[(query * depth) + rank]] != queryLabels[query])
            {
                rank++;
            }

            firstHits[query] = rank;
        }
    }

    /// <summary>Number of queries.</summary>
    public int QueryCount { get; }

    /// <summary>Number of neighbors known of each query: the largest <c>k</c> asked for.</summary>
    public int Depth { get; }

    /// <summary>The share of queries with an item of their own label among their <paramref name="k"/> nearest.</summary>
    /// <param name="k">Number of neighbors, 1 to <see cref="Depth"/>.</param>
    /// <returns>R@k, 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer neighbors are known, or <paramref name="k"/> is below 1.</exception>
    public double RecallAt(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, Depth);
        return (double)firstHits.Count(rank => rank < k) / QueryCount;
    }

    /// <summary>The nearest gallery items of a query, nearest first.</summary>
    /// <param name="query">Index of the query, from 0.</param>
    /// <returns><see cref="Depth"/> indices into the gallery.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such query.</exception>
    public ReadOnlySpan<int> NeighborsOf(int query) => neighbors.AsSpan(Start(query), Depth);

    /// <summary>The similarities of a query to <see cref="NeighborsOf"/> it, for instance to show them.</summary>
    /// <param name="query">Index of the query, from 0.</param>
    /// <returns><see cref="Depth"/> cosines in [-1, 1], the largest first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such query.</exception>
    public ReadOnlySpan<float> SimilaritiesOf(int query) => similarities.AsSpan(Start(query), Depth);

    private int Start(int query)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(query, QueryCount);
        return query * Depth;
    }
}
