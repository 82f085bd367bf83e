using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Tclr.Benchmarks;

/// <summary>Times of the kernels against the bare matrix products, by turns in one run: <c>bench losses --ratios</c>, or <c>--ratios B T D threads</c> for one row.</summary>
internal static class LossRatios
{
    private const int Rounds = 15;
    private static readonly int[] Videos = [8, 40, 128, 512];
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(60);

    public static void Run(string[] args)
    {
        Console.WriteLine("best / median of 15 rounds by turns, ms; ratio to Limit of best, median");
        var cases = args is [var b, var t, var d, var threads]
            ? [(Number(b), Number(t), Number(d), Number(threads))]
            : from count in new[] { 1, Environment.ProcessorCount } from size in Videos select (size, 4, 128, count);
        foreach (var (videos, timesteps, dimension, threadCount) in cases)
        {
            set_num_threads(threadCount);
            var benchmark = new TclrLossBenchmarks { B = videos, T = timesteps, D = dimension, Backward = true };
            benchmark.Setup();
            var bodies = new (string Name, Action Body)[] { ("Limit", () => benchmark.Limit()), ("Fused", () => benchmark.Fused()), ("Batched", () => benchmark.Batched()) };
            double[][] times = [.. bodies.Select(_ => new double[Rounds])];
            for (int round = -1; round < Rounds; round++)
            {
                for (int i = 0; i < bodies.Length; i++)
                {
                    double milliseconds = Time(bodies[i].Body);
                    if (round >= 0)
                    {
                        times[i][round] = milliseconds;
                    }
                }
            }

            benchmark.Cleanup();
            double[] best = [.. times.Select(x => x.Min())], median = [.. times.Select(Median)];
            double[] ratios = [.. times.Select(x => Median([.. x.Zip(times[0], (mine, limit) => mine / limit)]))];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"B={videos} T={timesteps} D={dimension} threads={threadCount}: ")
                + string.Join("; ", bodies.Select((body, i) => string.Create(CultureInfo.InvariantCulture, $"{body.Name} {best[i]:F3} / {median[i]:F3} ({best[i] / best[0]:F2}, {ratios[i]:F2})"))));
        }
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
        while (watch.Elapsed < RoundTime);

        return watch.Elapsed.TotalMilliseconds / count;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
