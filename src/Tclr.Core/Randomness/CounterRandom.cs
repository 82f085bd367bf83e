namespace Tclr.Core;

/// <summary>
/// A counter-based random generator. Its numbers depend only on the key, not on the machine, thread or .NET version, and
/// any stream can be opened without drawing from others.
/// </summary>
/// <remarks>
/// SplitMix64 (Steele, Lea and Flood, 2014): a 64-bit mixing function of a counter. A key has several parts in order, such
/// as <c>(seed, epoch, sample, view)</c>.
/// </remarks>
/// <example><code>
/// var random = CounterRandom.For(seed: 7, epoch, sampleIndex, view);
/// double scale = random.Uniform(0.6, 1.0);
/// </code></example>
public struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong state;

    private CounterRandom(ulong state) => this.state = state;

    /// <summary>Creates the generator of a key.</summary>
    /// <param name="key">The parts of the key, in order.</param>
    /// <returns>The generator at the start of its stream.</returns>
    public static CounterRandom For(params ReadOnlySpan<ulong> key)
    {
        ulong mixed = Golden;
        foreach (ulong part in key)
        {
            mixed = Mix(mixed ^ Mix(part + Golden)) + Golden;
        }

        return new CounterRandom(mixed);
    }

    /// <summary>Draws 64 random bits.</summary>
    /// <returns>A number, uniform over all of <see cref="ulong"/>.</returns>
    public ulong NextUInt64() => Mix(state += Golden);

    /// <summary>Draws a number in <c>[0, 1)</c>.</summary>
    /// <returns>One of 2^53 equally spaced values.</returns>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draws a number in <c>[low, high)</c>.</summary>
    /// <param name="low">Inclusive lower bound.</param>
    /// <param name="high">Exclusive upper bound.</param>
    /// <returns>A uniform value.</returns>
    public double Uniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Draws an integer in <c>[low, high)</c>.</summary>
    /// <param name="low">Inclusive lower bound.</param>
    /// <param name="high">Exclusive upper bound, greater than <paramref name="low"/>.</param>
    /// <returns>A uniform value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public int NextInt32(int low, int high)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(low, high);
        ulong range = (ulong)((long)high - low);
        return (int)(low + (long)Math.BigMul(NextUInt64(), range, out _));
    }

    /// <summary>Draws a number from the normal distribution with mean 0 and standard deviation 1 (Box and Muller).</summary>
    /// <returns>A normal value.</returns>
    public double NextGaussian()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Shuffles values in place (Fisher and Yates).</summary>
    /// <typeparam name="T">Type of the values.</typeparam>
    /// <param name="values">The values.</param>
    public void Shuffle<T>(Span<T> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = NextInt32(0, i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
