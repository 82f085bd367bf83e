namespace Tclr.Core.Tests;

public sealed class CounterRandomTests
{
    [Test]
    public void The_same_key_gives_the_same_stream_for_ever()
    {
        var random = CounterRandom.For(1, 2, 3);
        ulong[] values = [random.NextUInt64(), random.NextUInt64(), random.NextUInt64()];

        // Written down once: a change would break the resumption of every run.
        Assert.That(values, Is.EqualTo(new ulong[] { 5518270162553207603, 18257445631509135136, 18386890821868426538 }));
    }

    [Test]
    public void Other_keys_give_other_streams()
    {
        ulong[][] keys = [[1], [2], [1, 0], [0, 1], [1, 1], [1, 0, 0], []];

        Assert.That(keys.Select(key => CounterRandom.For(key).NextUInt64()).Distinct().Count(), Is.EqualTo(keys.Length));
    }

    [Test]
    public void Draws_are_uniform()
    {
        var random = CounterRandom.For(42);
        double sum = 0, squares = 0;
        var bins = new int[10];
        const int Draws = 200_000;
        for (int i = 0; i < Draws; i++)
        {
            double x = random.Uniform(-1, 1);
            sum += x;
            squares += x * x;
            bins[random.NextInt32(0, 10)]++;
        }

        // Five standard errors each.
        Assert.That(sum / Draws, Is.Zero.Within(5 * Math.Sqrt(1.0 / 3 / Draws)));
        Assert.That(squares / Draws, Is.EqualTo(1.0 / 3).Within(5 * Math.Sqrt(4.0 / 45 / Draws)));
        Assert.That(bins, Is.All.EqualTo(Draws / 10).Within(5 * Math.Sqrt(Draws * 0.09)));
    }

    [Test]
    public void Neighboring_keys_are_not_correlated()
    {
        const int Keys = 50_000;
        double product = 0;
        for (ulong key = 0; key < Keys; key++)
        {
            product += (CounterRandom.For(0, key).NextDouble() - 0.5) * (CounterRandom.For(0, key + 1).NextDouble() - 0.5);
        }

        Assert.That(product / Keys, Is.Zero.Within(5.0 / 12 / Math.Sqrt(Keys)));
    }

    [Test]
    public void A_shuffle_is_a_permutation_and_reaches_all_of_them()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (ulong key = 0; key < 200; key++)
        {
            int[] values = [0, 1, 2];
            CounterRandom.For(key).Shuffle(values.AsSpan());
            Assert.That(values.Order(), Is.EqualTo(new[] { 0, 1, 2 }));
            seen.Add(string.Join(',', values));
        }

        Assert.That(seen, Has.Count.EqualTo(6));
    }

    [Test]
    public void Gaussian_draws_have_mean_0_and_variance_1()
    {
        var random = CounterRandom.For(3);
        double[] draws = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextGaussian())];

        Assert.That(draws.Average(), Is.Zero.Within(5 / Math.Sqrt(draws.Length)));
        Assert.That(draws.Average(x => x * x), Is.EqualTo(1).Within(5 * Math.Sqrt(2.0 / draws.Length)));
    }

    [Test]
    public void An_empty_range_is_refused() => Assert.Catch<ArgumentOutOfRangeException>(() => CounterRandom.For(1).NextInt32(3, 3));
}
