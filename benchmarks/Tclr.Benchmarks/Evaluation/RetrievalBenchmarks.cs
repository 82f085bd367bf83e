using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Tclr.Evaluation;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Evaluation;

/// <summary>The 50 nearest of 50,000 videos to each of 2,000 queries, 512 numbers each, against PyTorch with as many threads.</summary>
/// <remarks>At the end of each case it is printed by how much its side's peak memory grew; run one case alone to have it without the other.</remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A benchmark's cleanup disposes it.")]
public class RetrievalBenchmarks
{
    private const int Queries = 2_000;
    private const int Gallery = 50_000;
    private const int Dimension = 512;

    private static readonly int[] QueryLabels = new int[Queries];
    private static readonly int[] GalleryLabels = new int[Gallery];

    private Tensor queries = null!;
    private Tensor gallery = null!;
    private PyTorchPeer peer = null!;
    private double before;

    [GlobalSetup(Target = nameof(Tclr))]
    public void Setup()
    {
        manual_seed(1);
        queries = randn([Queries, Dimension]);
        gallery = randn([Gallery, Dimension]);
        before = PeakMemory();
    }

    [GlobalCleanup(Target = nameof(Tclr))]
    public void Cleanup()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// Tclr's peak memory grew by {PeakMemory() - before:F0} MiB"));
        queries.Dispose();
        gallery.Dispose();
    }

    [GlobalSetup(Target = nameof(PyTorch))]
    public void StartPeer() => peer = new PyTorchPeer("retrieval.py", Queries, Gallery, Dimension, 50, get_num_threads());

    [GlobalCleanup(Target = nameof(PyTorch))]
    public void StopPeer()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// PyTorch's peak memory grew by {peer.Ask("memory"):F0} MiB"));
        peer.Dispose();
    }

    [Benchmark(Baseline = true)]
    public double PyTorch() => peer.Ask("search");

    [Benchmark]
    public double Tclr() => Retrieval.Evaluate(queries, QueryLabels, gallery, GalleryLabels, 1, 5, 10, 20, 50).RecallAt(1);

    private static double PeakMemory()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
