using System.Diagnostics;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Benchmarks;

/// <summary>
/// Samples per second of a loader with one worker on all videos of <c>shared/videos</c>, with and without a filled frame
/// cache, in turns: every batch takes one sample of each video, so both read the same frames.
/// </summary>
internal static class FrameCacheMeasurement
{
    private const int Rounds = 5;

    public static async Task RunAsync()
    {
        string videos = BenchmarkVideos.Above(Path.Combine("shared", "videos")) ?? throw new InvalidOperationException("there is no folder shared/videos beside or above the checkout");
        string folder = Path.Combine(Path.GetTempPath(), "tclr-bench-" + Guid.NewGuid().ToString("N"));
        try
        {
            Console.WriteLine("| clips of a sample | without, best and median | with the cache, best and median | ratio of medians | first epoch, which fills the cache |");
            Console.WriteLine("|---|---|---|---|---|");
            await MeasureAsync(videos, folder, "10 of 8 frames, 32x32 (`tiny`)", 48, ClipSamplers.Tclr(8), Augmentations.Demo(32));
            await MeasureAsync(videos, folder, "10 of 16 frames, 112x112 (the reference's augmentation)", 128, ClipSamplers.Tclr(), Augmentations.TclrReference());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string videos, string folder, string name, int shortSide, IClipSampler sampler, IClipAugmentation augmentation)
    {
        var reader = new OpenCvVideoReader(new VideoReaderOptions { ShortSide = shortSide });
        var index = await VideoIndex.ScanAsync(
            VideoDatasets.Folder(videos), new VideoIndexOptions { MinimumFrames = sampler.MinimumFrames, Reader = reader, ProveSeeks = true, MaximumFaultyShare = 1 });
        var cache = new FrameCache(folder);
        var cached = cache.Wrap(reader);
        double first = await RateAsync(cached, 0);
        double[] without = new double[Rounds], with = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            without[round] = await RateAsync(reader, round + 1);
            with[round] = await RateAsync(cached, round + 1);
        }

        Array.Sort(without);
        Array.Sort(with);
        Console.WriteLine(FormattableString.Invariant(
            $"| {name} | {without[^1]:0.0}, {without[Rounds / 2]:0.0} | {with[^1]:0.0}, {with[Rounds / 2]:0.0} | {with[Rounds / 2] / without[Rounds / 2]:0.0} | {first:0.0} |"));
        Console.WriteLine(FormattableString.Invariant($"<!-- {index.Items.Count} videos; {cache} -->"));

        // Samples per second; the short cached epochs are repeated.
        async Task<double> RateAsync(IVideoReader from, int epoch)
        {
            var loader = new ClipLoader(index, from, sampler, augmentation, new ClipLoaderOptions { Workers = 1 });
            long begin = Stopwatch.GetTimestamp();
            int samples = 0;
            do
            {
                await foreach (var batch in loader.ReadAsync(new EpochRequest(7, epoch, index.Items.Count)))
                {
                    batch.Dispose();
                    samples += index.Items.Count;
                }
            }
            while (ReferenceEquals(from, cached) && epoch > 0 && Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(2));
            return samples / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
    }
}
