using System.Diagnostics;
using System.Globalization;
using Tclr.Losses;
using static TorchSharp.torch;

namespace Tclr.Benchmarks;

/// <summary>
/// NT-Xent of pairs whose matrix of similarities does not fit into memory, forward and backward, against two bare products of that matrix in
/// blocks: <c>bench losses --pairs N</c>. The peak memory is read from Linux.
/// </summary>
internal static class ManyPairs
{
    private const int Dimension = 128;
    private const int Block = 1024;

    public static void Run(int pairs)
    {
        manual_seed(1);
        using Tensor z1 = Unit(pairs), z2 = Unit(pairs);
        using var rows = cat([z1.detach(), z2.detach()], 0);
        Functional.NtXent(z1.narrow(0, 0, Block / 2), z2.narrow(0, 0, Block / 2), 0.1).backward();
        (z1.grad, z2.grad) = (null, null);

        long before = Memory("VmRSS:");
        File.WriteAllText("/proc/self/clear_refs", "5");                            // the peak counts from here
        double ours = Seconds(() =>
        {
            using var scope = NewDisposeScope();
            Functional.NtXent(z1, z2, 0.1).backward();
        });
        long above = Memory("VmHWM:") - before;
        double bare = Seconds(() => Products(rows));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{pairs} pairs, D = {Dimension}, {get_num_threads()} threads: NtXent {ours:F1} s, two products {bare:F1} s, ratio {ours / bare:F2}; {above} MiB above the inputs"));
    }

    // Each block of the matrix, and its product with the embeddings.
    private static void Products(Tensor rows)
    {
        using var none = no_grad();
        using var gradient = zeros_like(rows);
        for (long first = 0; first < rows.shape[0]; first += Block)
        {
            using var scope = NewDisposeScope();
            long count = Math.Min(Block, rows.shape[0] - first);
            gradient.narrow(0, first, count).add_(rows.narrow(0, first, count).mm(rows.t()).mm(rows));
        }
    }

    private static Tensor Unit(int count)
    {
        using var scope = NewDisposeScope();
        return nn.functional.normalize(randn([count, Dimension])).requires_grad_().DetachFromDisposeScope();
    }

    private static double Seconds(Action body)
    {
        long begin = Stopwatch.GetTimestamp();
        body();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static long Memory(string field) => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
