using BenchmarkDotNet.Attributes;
using Tclr.Models;
using Tclr.Weights;

namespace Tclr.Benchmarks;

/// <summary>The weights of R3D-18 (133 MB) into a model, against reading the file's bytes; the file is in the page cache.</summary>
public class WeightLoadBenchmarks
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "tclr-weights-" + Guid.NewGuid().ToString("N"));
    private VideoEncoder encoder = null!;
    private byte[] buffer = [];

    [GlobalSetup]
    public void Setup()
    {
        encoder = Encoder();
        Directory.CreateDirectory(folder);
        foreach (string extension in (string[])["safetensors", "pth", "dat"])
        {
            ModelWeights.Save(encoder, File(extension));
        }

        buffer = new byte[new FileInfo(File("safetensors")).Length];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        Directory.Delete(folder, recursive: true);
        encoder.Dispose();
    }

    /// <summary>The limit: the bytes of the safetensors file into memory that is there already.</summary>
    [Benchmark(Baseline = true)]
    public long Bytes()
    {
        using var file = System.IO.File.OpenHandle(File("safetensors"));
        long read = 0;
        while (read < buffer.Length)
        {
            read += RandomAccess.Read(file, buffer.AsSpan((int)read), read);
        }

        return read;
    }

    [Benchmark]
    public bool SafeTensors() => Load("safetensors");

    [Benchmark]
    public bool PyTorch() => Load("pth");

    [Benchmark]
    public bool TorchSharp() => Load("dat");

    private static VideoEncoder Encoder() => VideoEncoders.R3D18();

    private bool Load(string extension) => ModelWeights.Load(encoder, File(extension)).IsComplete;

    private string File(string extension) => Path.Combine(folder, "r3d18." + extension);
}
