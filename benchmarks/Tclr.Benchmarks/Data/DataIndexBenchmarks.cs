using BenchmarkDotNet.Attributes;
using OpenCvSharp;
using Tclr.Data;

namespace Tclr.Benchmarks;

/// <summary>The start with an index of 10,000 small files that an earlier run has left.</summary>
public class DataIndexBenchmarks
{
    private const int Files = 10_000;
    private const int Classes = 100;

    private string folder = string.Empty;
    private VideoIndexOptions options = new();

    [GlobalSetup]
    public void Setup()
    {
        folder = Directory.CreateTempSubdirectory("tclr-index-").FullName;
        string first = Path.Combine(folder, "first.avi");
        using (var writer = new VideoWriter(first, VideoWriter.FourCC("MJPG"), 25, new Size(16, 16)))
        {
            using var frame = new Mat(16, 16, MatType.CV_8UC3);
            for (int i = 0; i < 16; i++)
            {
                writer.Write(frame);
            }
        }

        byte[] content = File.ReadAllBytes(first);
        File.Delete(first);
        for (int i = 0; i < Files; i++)
        {
            string at = Directory.CreateDirectory(Path.Combine(folder, "videos", $"class{i % Classes:D2}")).FullName;
            File.WriteAllBytes(Path.Combine(at, $"v{i:D5}.avi"), content);
        }

        options = new VideoIndexOptions { CachePath = Path.Combine(folder, "videos.index") };
        CachedStart();
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(folder, recursive: true);

    /// <summary>Lists the folder, reads the cache and holds it against size and time of every file.</summary>
    [Benchmark]
    public int CachedStart()
        => VideoIndex.ScanAsync(VideoDatasets.Folder(Path.Combine(folder, "videos")), options).GetAwaiter().GetResult().Items.Count;
}
