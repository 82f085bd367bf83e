using System.Numerics;

namespace Tclr.Evaluation;

/// <summary>The nearest items of each query so far, updated by tiles of similarities.</summary>
/// <remarks>Of equally similar items the first ones are kept, whatever the tiles, if these come in order.</remarks>
/// <typeparam name="T">Type of a similarity.</typeparam>
/// <param name="queries">Number of queries.</param>
/// <param name="depth">Number of items to keep for each query, 1 or more.</param>
internal sealed class NearestNeighbors<T>(int queries, int depth)
    where T : unmanaged, INumber<T>
{
    private readonly T[] similarities = new T[(long)queries * depth];
    private readonly int[] items = new int[(long)queries * depth];
    private readonly int[] counts = new int[queries];

    /// <summary>The items of all queries, nearest first.</summary>
    public int[] Items => items;

    /// <summary>Their similarities.</summary>
    public ReadOnlySpan<T> Similarities => similarities;

    /// <summary>Adds a query's similarities to consecutive items. Different queries may be added by different threads.</summary>
    /// <param name="query">The query.</param>
    /// <param name="row">The similarities.</param>
    /// <param name="scales">The factor of each similarity.</param>
    /// <param name="first">The first item.</param>
    public void Merge(int query, ReadOnlySpan<T> row, ReadOnlySpan<T> scales, int first)
    {
        int i = 0;
        for (; i < row.Length && counts[query] < depth; i++)
        {
            Insert(query, row[i] * scales[i], first + i);
        }

        // Nearly all items are further than those kept, so whole vectors are compared.
        var furthest = new Vector<T>(Furthest(query));
        for (; i <= row.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            if (Vector.GreaterThanAny(new Vector<T>(row[i..]) * new Vector<T>(scales[i..]), furthest))
            {
                InsertNearer(query, row.Slice(i, Vector<T>.Count), scales[i..], first + i);
                furthest = new Vector<T>(Furthest(query));
            }
        }

        InsertNearer(query, row[i..], scales[i..], first + i);
    }

    /// <summary>Adds items of a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="row">The similarities, largest first.</param>
    /// <param name="places">The items.</param>
    /// <param name="first">Added to each item.</param>
    public void Merge(int query, ReadOnlySpan<T> row, ReadOnlySpan<long> places, int first)
    {
        for (int i = 0; i < row.Length && (counts[query] < depth || row[i] > Furthest(query)); i++)
        {
            Insert(query, row[i], first + (int)places[i]);
        }
    }

    private T Furthest(int query) => similarities[((query + 1) * depth) - 1];

    private void InsertNearer(int query, ReadOnlySpan<T> row, ReadOnlySpan<T> scales, int first)
    {
        for (int i = 0; i < row.Length; i++)
        {
            T similarity = row[i] * scales[i];
            if (counts[query] < depth || similarity > Furthest(query))
            {
                Insert(query, similarity, first + i);
            }
        }
    }

    // After equally similar ones.
    private void Insert(int query, T similarity, int item)
    {
        var kept = similarities.AsSpan(query * depth, depth);
        var keptItems = items.AsSpan(query * depth, depth);
        int count = counts[query], place = Math.Min(count, depth - 1);
        counts[query] = Math.Min(count + 1, depth);
        while (place > 0 && kept[place - 1] < similarity)
        {
            kept[place] = kept[place - 1];
            keptItems[place] = keptItems[place - 1];
            place--;
        }

        (kept[place], keptItems[place]) = (similarity, item);
    }
}
