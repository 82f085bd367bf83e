using System.Diagnostics;
using System.Globalization;

namespace Tclr.Benchmarks;

/// <summary>Times of several bodies by turns in one process, so that whatever else the machine does meets all of them.</summary>
internal sealed class Turns
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(60);
    private readonly string[] names;
    private readonly List<double>[] times;

    private Turns(string[] names)
    {
        this.names = names;
        times = [.. names.Select(_ => new List<double>())];
    }

    /// <summary>Runs the bodies once to warm up, then by turns.</summary>
    /// <param name="rounds">Number of rounds.</param>
    /// <param name="limit">No round begins after it, from the third round on.</param>
    /// <param name="bodies">The bodies; ratios are to the first one.</param>
    public static Turns Run(int rounds, TimeSpan limit, params (string Name, Action Body)[] bodies)
    {
        var turns = new Turns([.. bodies.Select(body => body.Name)]);
        foreach (var (_, body) in bodies)
        {
            Time(body);
        }

        long begin = Stopwatch.GetTimestamp();
        for (int round = 0; round < rounds && (round < 3 || Stopwatch.GetElapsedTime(begin) < limit); round++)
        {
            for (int i = 0; i < bodies.Length; i++)
            {
                turns.times[i].Add(Time(bodies[i].Body));
            }
        }

        return turns;
    }

    /// <summary>Number of rounds.</summary>
    public int Rounds => times[0].Count;

    /// <summary>Shortest time of a body in milliseconds.</summary>
    public double Best(int body) => times[body].Min();

    /// <summary>Median time of a body in milliseconds.</summary>
    public double Median(int body) => Median(times[body]);

    /// <summary>Cells of a table: best / median in milliseconds, and from the second body on the ratio of the best times and the median ratio of a round.</summary>
    public string Cells() => string.Join(" | ", names.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"{Text(Best(i))} / {Text(Median(i))} ms")
        + (i == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" ({Best(i) / Best(0):F2}, {Median([.. times[i].Zip(times[0], (mine, first) => mine / first)]):F2})"))));

    private static string Text(double milliseconds) => milliseconds.ToString(milliseconds < 1 ? "F3" : milliseconds < 100 ? "F2" : "F0", CultureInfo.InvariantCulture);

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static double Time(Action body)
    {
        int count = 0;
        var watch = Stopwatch.StartNew();
        do
        {
            body();
            count++;
        }
        while (watch.Elapsed < Shortest);

        return watch.Elapsed.TotalMilliseconds / count;
    }
}
