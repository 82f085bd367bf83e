using BenchmarkDotNet.Attributes;
using OpenCvSharp;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Benchmarks;

/// <summary>
/// One TCLR sample: ten augmented clips of 16 frames at 112x112, from a window of 64 frames of a 320x240 video. Times are
/// per sample; one over the time of <see cref="OneWorker"/> is samples per second and core.
/// </summary>
public class DataLoaderBenchmarks
{
    internal const int Videos = 4;
    internal const int Samples = 40;
    private const int Window = 64;

    private readonly EpochRequest request = new(Seed: 7, Epoch: 0, BatchSize: 8);
    private IReadOnlyList<string> paths = [];
    private ReferenceLoader? reference;
    private OpenCvVideoReader reader = null!;
    private VideoIndex index = null!;
    private readonly string folder = Path.Combine(Path.GetTempPath(), "tclr-bench-" + Guid.NewGuid().ToString("N"));
    private IVideoReader cached = null!;
    private int epoch;

    // What every sample goes through.
    private static IClipAugmentation Augmentation => Augmentations.TclrReference();

    [GlobalSetup]
    public void Setup()
    {
        SetupClips();
        reference = ReferenceLoader.TryStart(paths);
    }

    /// <summary>All but the script.</summary>
    internal void SetupClips()
    {
        paths = BenchmarkVideos.Require();
        reader = new OpenCvVideoReader();
        var items = Enumerable.Range(0, Samples).Select(i => new VideoItem(paths[i % Videos], "some", 0)).ToList();
        index = VideoIndex.ScanAsync(new VideoDataset("clips", items, ["some"]), new VideoIndexOptions { ProveSeeks = true }).GetAwaiter().GetResult();
        cached = new FrameCache(folder).Wrap(reader);
        CachedWindows();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        reference?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Whole-file decode and a chain of Pillow operations for each frame of each clip; <c>benchmarks/peers/loader.py</c>.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Videos)]
    public void ReferenceStructure()
        => (reference ?? throw new InvalidOperationException("the Python packages of benchmarks/peers/loader.py are missing")).Make(Videos);

    /// <summary>Nothing but the decoder: the first 64 frames of a file, one thread.</summary>
    [Benchmark(OperationsPerInvoke = Videos)]
    public void BareDecode()
    {
        using var frame = new Mat();
        foreach (string path in paths)
        {
            using var capture = new VideoCapture(path, VideoCaptureAPIs.FFMPEG, [70, 1]);
            for (int i = 0; i < Window; i++)
            {
                capture.Read(frame);
            }
        }
    }

    /// <summary>Nothing but the decoder: the frames of the samples, and those before them, one thread.</summary>
    [Benchmark(OperationsPerInvoke = Samples)]
    public void BareWindows()
    {
        using var frame = new Mat();
        for (int i = 0; i < Samples; i++)
        {
            using var capture = new VideoCapture(index.Items[i].Path, VideoCaptureAPIs.FFMPEG, [70, 1]);
            var needed = PlanOf(i).Frames;
            for (int at = 0; at <= needed[^1]; at++)
            {
                capture.Grab();
                if (at >= needed[0])
                {
                    capture.Retrieve(frame);
                }
            }
        }
    }

    /// <summary>The windows of the samples as the loader reads them, without augmentation.</summary>
    [Benchmark(OperationsPerInvoke = Samples)]
    public void Windows() => ReadWindows(reader, info => info);

    /// <summary>The same without seeks.</summary>
    [Benchmark(OperationsPerInvoke = Samples)]
    public void WindowsFromTheStart() => ReadWindows(reader, info => info with { ExactSeeks = false });

    /// <summary>The same from a filled <see cref="FrameCache"/>, at the videos' own size.</summary>
    [Benchmark(OperationsPerInvoke = Samples)]
    public void CachedWindows() => ReadWindows(cached, info => info);

    [Benchmark(OperationsPerInvoke = Samples)]
    public void OneWorker() => LoadAsync(reader, 1).GetAwaiter().GetResult();

    [Benchmark(OperationsPerInvoke = Samples)]
    public void TwoWorkers() => LoadAsync(reader, 2).GetAwaiter().GetResult();

    [Benchmark(OperationsPerInvoke = Samples)]
    public void OneWorkerCached() => LoadAsync(cached, 1).GetAwaiter().GetResult();

    private void ReadWindows(IVideoReader reader, Func<VideoInfo, VideoInfo> known)
    {
        for (int i = 0; i < Samples; i++)
        {
            reader.ReadFrames(index.Items[i].Path, PlanOf(i).Frames, known(index.Infos[i])).Dispose();
        }
    }

    private ClipPlan PlanOf(int sample)
    {
        var random = CounterRandom.For(7, (ulong)sample);
        return ClipSamplers.Tclr().Plan(index.Infos[sample], ref random);
    }

    private async Task LoadAsync(IVideoReader from, int workers)
    {
        var loader = new ClipLoader(index, from, ClipSamplers.Tclr(), Augmentation, new ClipLoaderOptions { Workers = workers });
        await foreach (var batch in loader.ReadAsync(request with { Epoch = epoch++ }))
        {
            batch.Dispose();
        }
    }
}
