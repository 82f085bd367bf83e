using System.Globalization;
using static TorchSharp.torch;

namespace Tclr.Benchmarks;

/// <summary>
/// Times of the kernels against the bare matrix products, by turns: <c>bench losses --ratios</c>, <c>--ratios table B..</c> for every T in
/// 2, 4, 8 and D in 128, 512, or <c>--ratios B T D threads</c> for one row with the structure of the authors' code.
/// </summary>
internal static class LossRatios
{
    private const int Rounds = 15;
    private static readonly int[] Videos = [8, 40, 128, 512];
    private static readonly (int T, int D)[] Shapes = [(2, 128), (2, 512), (4, 128), (4, 512), (8, 128), (8, 512)];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    public static void Run(string[] args)
    {
        bool naive = args.Length == 4 && args[0] is not "table";
        Console.WriteLine($"| videos | T | D | threads | Limit | Fused | Batched |{(naive ? " Naive |" : string.Empty)}{Environment.NewLine}|---|---|---|---|---|---|---|{(naive ? "---|" : string.Empty)}");
        var cases = args switch
        {
            ["table", .. var sizes] => from shape in Shapes from size in sizes select (Number(size), shape.T, shape.D, Environment.ProcessorCount),
            [var b, var t, var d, var threads] => [(Number(b), Number(t), Number(d), Number(threads))],
            _ => from count in new[] { 1, Environment.ProcessorCount } from size in Videos select (size, 4, 128, count),
        };
        foreach (var (videos, timesteps, dimension, threads) in cases)
        {
            set_num_threads(threads);
            var benchmark = new TclrLossBenchmarks { B = videos, T = timesteps, D = dimension, Backward = true };
            benchmark.Setup();
            (string, Action)[] bodies = [("Limit", () => benchmark.Limit()), ("Fused", () => benchmark.Fused()), ("Batched", () => benchmark.Batched())];
            var turns = Turns.Run(Rounds, Limit, naive ? [.. bodies, ("Naive", () => benchmark.Naive())] : bodies);
            benchmark.Cleanup();
            Console.WriteLine($"| {videos} | {timesteps} | {dimension} | {threads} | {turns.Cells()} |");
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
