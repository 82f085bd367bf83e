using System.Globalization;
using System.Numerics.Tensors;
using Tclr.Losses.Kernels.Fused;
using static TorchSharp.torch;

namespace Tclr.Benchmarks;

/// <summary>
/// The part of a loss step (forward and backward, one thread) that its exponentials take: those of the upper half of the matrix of the local
/// clips, with their sums, in the vectorized pass of the fused kernel and by <see cref="TensorPrimitives"/>: <c>bench losses --exponentials</c>.
/// </summary>
internal static class ExponentialShare
{
    private const int Timesteps = 4;

    public static void Run()
    {
        Console.WriteLine($"| videos | Fused | exponentials | TensorPrimitives |{Environment.NewLine}|---|---|---|---|");
        set_num_threads(1);
        foreach (int videos in new[] { 8, 40, 128, 512 })
        {
            var benchmark = new TclrLossBenchmarks { B = videos, T = Timesteps, D = 128, Backward = true };
            benchmark.Setup();
            int size = 2 * Timesteps * videos, rows = (size / 2) + 1;

            // As many values as a tile has; exponentials of exponentials take as long.
            float[] tile = new float[Math.Min(rows, 512) * size], columns = new float[size];
            var turns = Turns.Run(15, TimeSpan.FromSeconds(10), ("Fused", () => benchmark.Fused()), ("exponentials", () => ForRows(OnePass)), ("TensorPrimitives", () => ForRows(SeveralPasses)));
            benchmark.Cleanup();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {videos} | {turns.Cells()} |"));

            void ForRows(Func<Memory<float>, Memory<float>, double> body)
            {
                for (int row = 0; row < rows; row++)
                {
                    body(tile.AsMemory(row % (tile.Length / size) * size, size), columns);
                }
            }
        }
    }

    private static double OnePass(Memory<float> row, Memory<float> columns) => Exponentials.Replace(row.Span, 10, columns.Span);

    private static double SeveralPasses(Memory<float> row, Memory<float> columns)
    {
        TensorPrimitives.Subtract(row.Span, 10, row.Span);
        TensorPrimitives.Exp<float>(row.Span, row.Span);
        TensorPrimitives.Add<float>(columns.Span, row.Span, columns.Span);
        return TensorPrimitives.Sum<float>(row.Span);
    }
}
