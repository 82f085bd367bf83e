using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Tclr.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Models;

/// <summary>Forward and whole training step (backward of the features' sum, Adam) of an encoder, against PyTorch with as many threads.</summary>
/// <remarks>At the end of each case the peak memory of its side's process is printed; run one case alone to have it without the others.</remarks>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A benchmark's cleanup disposes it.")]
public abstract class EncoderBenchmarks(string name, Func<VideoEncoder> create, long[] shape)
{
    private VideoEncoder encoder = null!;
    private Adam optimizer = null!;
    private Tensor clips = null!;
    private PyTorchPeer peer = null!;

    [GlobalSetup(Targets = [nameof(Forward), nameof(Step)])]
    public void Setup()
    {
        manual_seed(1);
        encoder = create();
        optimizer = optim.Adam(encoder.parameters(), 1e-3);
        clips = randn(shape);
    }

    [GlobalCleanup(Targets = [nameof(Forward), nameof(Step)])]
    public void Cleanup()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// peak memory of Tclr: {PeakMemory():F0} MiB"));
        clips.Dispose();
        optimizer.Dispose();
        encoder.Dispose();
    }

    [GlobalSetup(Targets = [nameof(PyTorchForward), nameof(PyTorchStep)])]
    public void StartPeer() => peer = new PyTorchPeer("models.py", name, get_num_threads());

    [GlobalCleanup(Targets = [nameof(PyTorchForward), nameof(PyTorchStep)])]
    public void StopPeer()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// peak memory of PyTorch: {peer.Ask("memory"):F0} MiB"));
        peer.Dispose();
    }

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("forward")]
    public double PyTorchForward() => peer.Ask("forward");

    [Benchmark]
    [BenchmarkCategory("forward")]
    public void Forward()
    {
        encoder.eval();
        using var unrecorded = no_grad();
        encoder.Encode(clips).Dispose();
    }

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("step")]
    public double PyTorchStep() => peer.Ask("step");

    [Benchmark]
    [BenchmarkCategory("step")]
    public void Step()
    {
        using var scope = NewDisposeScope();
        encoder.train();
        optimizer.zero_grad();
        encoder.Encode(clips).sum().backward();
        optimizer.step();
    }

    private static double PeakMemory()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}

/// <summary>TCLR's encoder on two clips of 16 frames of 112x112.</summary>
public class R3D18Benchmarks() : EncoderBenchmarks("r3d18", () => VideoEncoders.R3D18(), [2, 3, 16, 112, 112]);

/// <summary>The demo's encoder on its batch: 16 videos, 10 views of 8 frames of 32x32.</summary>
public class SmallR3DBenchmarks() : EncoderBenchmarks("small", () => VideoEncoders.SmallR3D(), [160, 3, 8, 32, 32]);
