namespace Tclr.Evaluation;

/// <summary>The nearest neighbors found by <see cref="Retrieval"/>, and the recall.</summary>
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

    /// <summary>Number of neighbors of each query: the largest <c>k</c> requested.</summary>
    public int Depth { get; }

    /// <summary>Computes the fraction of queries with an item of the same label among their <paramref name="k"/> nearest.</summary>
    /// <param name="k">Number of neighbors, 1 to <see cref="Depth"/>.</param>
    /// <returns>R@k, 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is below 1 or above <see cref="Depth"/>.</exception>
    public double RecallAt(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, Depth);
        return (double)firstHits.Count(rank => rank < k) / QueryCount;
    }

    /// <summary>Gets the nearest gallery items of a query, nearest first.</summary>
    /// <param name="query">Index of the query, from 0.</param>
    /// <returns><see cref="Depth"/> indices into the gallery.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such query.</exception>
    public ReadOnlySpan<int> NeighborsOf(int query) => neighbors.AsSpan(Start(query), Depth);

    /// <summary>Gets the similarities of a query to its neighbors of <see cref="NeighborsOf"/>.</summary>
    /// <param name="query">Index of the query, from 0.</param>
    /// <returns><see cref="Depth"/> cosines in [-1, 1], largest first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such query.</exception>
    public ReadOnlySpan<float> SimilaritiesOf(int query) => similarities.AsSpan(Start(query), Depth);

    private int Start(int query)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(query, QueryCount);
        return query * Depth;
    }
}
