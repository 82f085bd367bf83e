using Tclr.Distributed;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Distributed;

/// <summary>What a training step exchanges besides gradients: a few numbers twice, the embeddings of 40 videos (TCLR, 18 vectors of 128), and the running statistics of R3D-18.</summary>
internal static class StepExchange
{
    private const int Videos = 40, Vectors = 18, Dimension = 128, Statistics = 9_600;
    private const int Rounds = 2_000;

    public static void Run()
    {
        using var ranks = Collectives.FromLauncher();
        using var scope = NewDisposeScope();
        var numbers = zeros(8, ScalarType.Int64);
        var embeddings = rand(Videos / ranks.Size, Vectors, Dimension);
        var statistics = zeros(Statistics);
        Times small = new("8 numbers of 64 bits, summed"), gather = new("embeddings of 40 videos, gathered"), sum = new("9,600 floats, summed"), all = new("all of these, the first twice");
        for (int round = 0; round < Rounds; round++)
        {
            ranks.Barrier();
            all.Measure(() =>
            {
                small.Measure(() => ranks.AllReduce(numbers));
                ranks.AllReduce(numbers);
                gather.Measure(() => ranks.AllGather(embeddings).Dispose());
                sum.Measure(() => ranks.AllReduce(statistics));
            });
        }

        if (ranks.Rank == 0)
        {
            Console.WriteLine($"{ranks.Size} processes, {Rounds:N0} rounds; best / median in ms");
            foreach (var times in new[] { small, gather, sum, all })
            {
                Console.WriteLine($"| {times.Name} | {times.Best:0.000} / {times.Median:0.000} |");
            }
        }
    }
}
