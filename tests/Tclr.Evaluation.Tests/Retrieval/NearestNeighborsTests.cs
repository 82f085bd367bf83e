using FsCheck;
using FsCheck.Fluent;

namespace Tclr.Evaluation.Tests;

public sealed class NearestNeighborsTests
{
    private sealed record Problem(int Depth, int[] Values, int[] Cuts)
    {
        // Few different values: many are alike.
        public static Arbitrary<Problem> Any { get; } = (
            from depth in Gen.Choose(1, 12)
            from values in Gen.Choose(-6, 6).NonEmptyListOf()
            from cuts in Gen.Choose(1, 40).NonEmptyListOf()
            select new Problem(depth, [.. values], [.. cuts])).ToArbitrary();
    }

    [Test]
    public void Pieces_of_any_size_give_what_sorting_gives() => Check.QuickThrowOnFailure(Prop.ForAll(Problem.Any, problem =>
    {
        var nearest = new NearestNeighbors<float>(2, problem.Depth);
        float[] values = [.. problem.Values.Select(value => (float)value)];
        float[] ones = [.. values.Select(_ => 1f)];
        int cut = 0;
        for (int first = 0; first < values.Length; cut++)
        {
            int count = Math.Min(problem.Cuts[cut % problem.Cuts.Length], values.Length - first);
            nearest.Merge(1, values.AsSpan(first, count), ones.AsSpan(first, count), first);
            first += count;
        }

        int kept = Math.Min(problem.Depth, values.Length);
        int[] sorted = [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).Take(kept)];
        return nearest.Items.AsSpan(problem.Depth, kept).SequenceEqual(sorted)
            && nearest.Similarities.Slice(problem.Depth, kept).SequenceEqual([.. sorted.Select(i => values[i])]);
    }));

    [Test]
    public void Factors_count([Values(1, 7, 8, 9, 40)] int count)
    {
        float[] values = [.. Enumerable.Range(0, count).Select(i => (float)Math.Sin(i * i))];
        float[] factors = [.. Enumerable.Range(0, count).Select(i => (float)(1.5 + Math.Cos(i)))];
        var nearest = new NearestNeighbors<float>(1, Math.Min(4, count));

        nearest.Merge(0, values, factors, first: 0);

        float[] products = [.. values.Zip(factors, (value, factor) => value * factor)];
        Assert.That(nearest.Items, Is.EqualTo(Enumerable.Range(0, count).OrderByDescending(i => products[i]).Take(4)));
        Assert.That(nearest.Similarities.ToArray(), Is.EqualTo(nearest.Items.Select(i => products[i])));
    }

    [Test]
    public void Chosen_items_are_merged_like_all_of_them()
    {
        float[] values = [.. Enumerable.Range(0, 100).Select(i => (float)Math.Sin(i * i))];
        var all = new NearestNeighbors<float>(1, 5);
        var chosen = new NearestNeighbors<float>(1, 5);

        foreach (int first in new[] { 0, 40, 80 })
        {
            float[] piece = [.. values.Skip(first).Take(40)];
            all.Merge(0, piece, [.. piece.Select(_ => 1f)], first);
            long[] places = [.. Enumerable.Range(0, piece.Length).OrderByDescending(i => piece[i]).Take(5).Select(i => (long)i)];
            chosen.Merge(0, [.. places.Select(i => piece[i])], places, first);
        }

        Assert.That(chosen.Items, Is.EqualTo(all.Items));
        Assert.That(chosen.Similarities.ToArray(), Is.EqualTo(all.Similarities.ToArray()));
    }
}
