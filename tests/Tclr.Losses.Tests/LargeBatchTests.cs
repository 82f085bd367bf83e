using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Tests;

/// <summary>Batches whose matrix of similarities fits nowhere. Panels in small are in KernelTests.</summary>
[NoTensorLeaks]
[Category("Long")]
[Explicit("Takes minutes: 65,536 pairs, forward and backward.")]
public sealed class LargeBatchTests : ScopedTests
{
    [Test]
    public void NtXent_of_65536_samples_takes_less_than_a_gigabyte()
    {
        set_num_threads(Environment.ProcessorCount);
        manual_seed(1);
        Tensor z1 = nn.functional.normalize(randn([65_536, 128])).requires_grad_(), z2 = nn.functional.normalize(randn([65_536, 128])).requires_grad_();
        Functional.NtXent(z1.narrow(0, 0, 512), z2.narrow(0, 0, 512), 0.1).backward();
        (z1.grad, z2.grad) = (null, null);
        long before = Memory("VmRSS");
        File.WriteAllText("/proc/self/clear_refs", "5");                            // the peak counts from here

        var watch = Stopwatch.StartNew();
        Functional.NtXent(z1, z2, 0.1).backward();
        watch.Stop();

        long above = Memory("VmHWM") - before;
        TestContext.Out.WriteLine(FormattableString.Invariant($"{above} MiB above the inputs, {watch.Elapsed.TotalSeconds:F1} s"));
        Assert.That(above, Is.LessThan(1024));

        // Random directions: the gradient of a few rows against the equation, row by row in double precision.
        var rows = cat([z1.detach(), z2.detach()], 0);
        var logSums = LogSums(rows, 0.1);
        double worst = 0;
        foreach (int anchor in new[] { 0, 777, 65_535 })
        {
            var expected = GradientOfRow(rows, logSums, anchor, 0.1);
            var actual = z1.grad!.select(0, anchor).to(ScalarType.Float64);
            worst = Math.Max(worst, (actual - expected).norm().ToDouble() / expected.norm().ToDouble());
        }

        TestContext.Out.WriteLine(FormattableString.Invariant($"worst relative error of a row's gradient {worst:G2}"));
        Assert.That(worst, Is.LessThan(1e-4));
    }

    private static long Memory(string field)
    {
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024;
    }

    private static Tensor LogSums(Tensor rows, double temperature)
    {
        const long Block = 1024;
        var sums = new List<Tensor>();
        for (long start = 0; start < rows.shape[0]; start += Block)
        {
            using var scope = NewDisposeScope();
            var block = (rows.narrow(0, start, Block) / temperature).mm(rows.t());
            block.diagonal(start).fill_(-1e30);
            sums.Add(block.logsumexp(1).to(ScalarType.Float64).MoveToOuterDisposeScope());
        }

        return cat(sums, 0);
    }

    // d/dz_i of the mean over 2N anchors: its own softmax, and its share in the softmax of every other anchor.
    private static Tensor GradientOfRow(Tensor rows, Tensor logSums, int row, double temperature)
    {
        long count = rows.shape[0];
        var wide = rows.to(ScalarType.Float64);
        var similarities = wide.mm(wide.narrow(0, row, 1).t()).select(1, 0) / temperature;
        similarities.narrow(0, row, 1).fill_(-1e30);
        var weights = (similarities - logSums.narrow(0, row, 1)).exp() + (similarities - logSums).exp();
        weights.narrow(0, row + (count / 2), 1).add_(-2);
        return weights.unsqueeze(0).mm(wide).select(0, 0) / (temperature * count);
    }
}
