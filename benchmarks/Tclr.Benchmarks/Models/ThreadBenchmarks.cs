using BenchmarkDotNet.Attributes;
using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Models;

/// <summary>Forward and backward of an encoder with the numbers of threads that <see cref="ComputeProbe"/> tries.</summary>
public class ThreadBenchmarks
{
    private VideoEncoder encoder = null!;
    private Tensor clips = null!;
    private int before;

    public static IEnumerable<int> Counts => Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(count => count < Environment.ProcessorCount).Append(Environment.ProcessorCount);

    [Params("r3d18", "small")]
    public string Encoder { get; set; } = string.Empty;

    [ParamsSource(nameof(Counts))]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        before = get_num_threads();
        set_num_threads(Threads);
        bool large = string.Equals(Encoder, "r3d18", StringComparison.Ordinal);
        encoder = large ? VideoEncoders.R3D18() : VideoEncoders.SmallR3D();
        clips = randn(large ? [2, 3, 16, 112, 112] : [160, 3, 8, 32, 32]);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        clips.Dispose();
        encoder.Dispose();
        set_num_threads(before);
    }

    [Benchmark]
    public void ForwardAndBackward()
    {
        using var scope = NewDisposeScope();
        encoder.zero_grad();
        encoder.Encode(clips).sum().backward();
    }
}
