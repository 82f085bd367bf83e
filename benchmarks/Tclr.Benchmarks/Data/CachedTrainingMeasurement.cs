using Tclr.Benchmarks.Training;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Benchmarks;

/// <summary>
/// Steps of the small encoder on all videos of <c>shared/videos</c> with a filled frame cache, and the same steps on a batch that is ready
/// in memory, in turns: what sampling, reading and augmentation of the clips add to training.
/// </summary>
internal static class CachedTrainingMeasurement
{
    private const int Rounds = 5;
    private const int StepsOfARound = 20;

    public static async Task RunAsync()
    {
        string videos = BenchmarkVideos.Above(Path.Combine("shared", "videos")) ?? throw new InvalidOperationException("there is no folder shared/videos beside or above the checkout");
        string folder = Path.Combine(Path.GetTempPath(), "tclr-bench-" + Guid.NewGuid().ToString("N"));
        try
        {
            Console.WriteLine("| recipe, steps | ready clips: median, fastest step | frame cache: median, fastest step | ratio of the times of all steps | waiting for clips |");
            Console.WriteLine("|---|---|---|---|---|");
            await MeasureAsync(videos, folder, TclrRecipes.Small());
            await MeasureAsync(videos, folder, TclrRecipes.Tiny());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string videos, string folder, TclrRecipe recipe)
    {
        var reader = new FrameCache(folder).Wrap(new OpenCvVideoReader(new VideoReaderOptions { ShortSide = recipe.Clips.Size * 3 / 2 }));
        var index = await VideoIndex.ScanAsync(
            VideoDatasets.Folder(videos), new VideoIndexOptions { MinimumFrames = recipe.Clips.Length, Reader = reader, MaximumFaultyShare = 1 });
        recipe = recipe.FitClips(index.Infos).Recipe with { Epochs = null, Steps = StepsOfARound + 1 };
        var loader = new ClipLoader(index, reader, recipe.Clips.CreateSampler(), recipe.Clips.CreateAugmentation());

        // Fills the cache.
        await foreach (var batch in loader.ReadAsync(new EpochRequest(recipe.Seed, 0, 1)))
        {
            batch.Dispose();
        }

        using var ready = await FirstAsync(loader.ReadAsync(new EpochRequest(recipe.Seed, 0, recipe.BatchSize)));
        var inMemory = new ReadyClips(ready.Clips, loader.Layout);
        StepClock memory = new(), cache = new();
        var waits = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            await StepsAsync(inMemory, memory);
            await StepsAsync(loader, cache, waits);
        }

        double a = memory.Milliseconds.Sum(), b = cache.Milliseconds.Sum();
        Console.WriteLine(FormattableString.Invariant(
            $"| `{recipe.Name}`, {cache.Milliseconds.Count} of {recipe.BatchSize} of {index.Items.Count} videos | {StepClock.Median(memory.Milliseconds):0}, {memory.Milliseconds.Min():0} ms | {StepClock.Median(cache.Milliseconds):0}, {cache.Milliseconds.Min():0} ms | {b / a:0.00} | {100 * waits.Sum() / b:0.0} % |"));

        // The first step of a run, which waits for its first batch, ends when the clock starts.
        async Task StepsAsync(IClipSource source, StepClock clock, List<double>? waiting = null)
        {
            clock.Restart();
            using var trainer = new TclrTrainerBuilder().UseRecipe(recipe).UseClips(source).ReportTo(clock).ReportTo(new Waits(waiting ?? [])).Build();
            await trainer.TrainAsync();
        }
    }

    private static async Task<ClipBatch> FirstAsync(IAsyncEnumerable<ClipBatch> batches)
    {
        await foreach (var batch in batches)
        {
            return batch;
        }

        throw new InvalidOperationException("expected one batch or more");
    }

    /// <summary>How long steps waited for their clips, without the first of a run.</summary>
    private sealed class Waits(List<double> milliseconds) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step > 1)
            {
                milliseconds.Add(value.DataWait.TotalMilliseconds);
            }
        }
    }
}
