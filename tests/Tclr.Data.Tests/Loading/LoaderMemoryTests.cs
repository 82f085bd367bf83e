using Tclr.Core;

namespace Tclr.Data.Tests;

public sealed class LoaderMemoryTests
{
    private const int Samples = 20_000;
    private const int BatchSize = 40;

    [Test]
    [Category("Long")]
    [Explicit("Takes minutes: 20,000 samples of real videos.")]
    public async Task Memory_stays_flat_over_twenty_thousand_samples()
    {
        var paths = SharedVideos.Require().Where(entry => entry.Width == 64).Select(entry => entry.Path).ToList();
        var items = Enumerable.Range(0, BatchSize * 5).Select(i => new VideoItem(paths[i % paths.Count], "some", 0)).ToList();
        var index = await VideoIndex.ScanAsync(new VideoDataset("clips", items, ["some"]), new VideoIndexOptions { ProveSeeks = true });
        var loader = new ClipLoader(index, new OpenCvVideoReader(), ClipSamplers.Tclr(), Augmentations.Demo(32), new ClipLoaderOptions { Workers = 2 });
        var sizes = new List<long>();
        for (int epoch = 0; epoch < Samples / items.Count; epoch++)
        {
            await foreach (var batch in loader.ReadAsync(new EpochRequest(7, epoch, BatchSize)))
            {
                batch.Dispose();
            }

            if (epoch % 10 == 9)
            {
                sizes.Add(Environment.WorkingSet >> 20);
            }
        }

        await TestContext.Out.WriteLineAsync($"resident MiB after each 2,000 samples: {string.Join(' ', sizes)}; {loader.Statistics}");

        // The heaps of the workers grow during the first thousands of samples; then nothing may.
        var warm = sizes[(sizes.Count / 3)..];
        Assert.That(warm[1..], Is.All.LessThanOrEqualTo(warm[0] * 1.05));
    }
}
