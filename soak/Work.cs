using System.Globalization;
using System.Security.Cryptography;
using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Losses;

namespace Tclr.Soak;

/// <summary>The parts of a run that write files: index, frame cache, training with checkpoints, features. Each goes on where an earlier process left it.</summary>
internal static class Work
{
    private const int Videos = 16;
    private const int Steps = 16;

    /// <summary>Does what is left to do.</summary>
    /// <param name="folder">Folder of all files.</param>
    /// <param name="say">Receives the name of each part when it starts.</param>
    /// <returns>Two hashes: of index, frames and augmented clips; and of weights and features.</returns>
    public static async Task<string> RunAsync(string folder, Action<string> say)
    {
        int workers = Setting("WORKERS"), threads = Setting("THREADS");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var recipe = TclrRecipes.Tiny() with { BatchSize = 4, Steps = Steps, Clips = TclrRecipes.Tiny().Clips with { Size = 16 } };
        var dataset = SmallVideos.Write(Path.Combine(folder, "videos"), Videos);

        say("index");
        var decoder = new OpenCvVideoReader();
        var index = await VideoIndex.ScanAsync(dataset, new VideoIndexOptions { Reader = decoder, CachePath = Path.Combine(folder, "run", "videos.index"), Workers = workers });
        foreach (var (item, info) in index.Items.Zip(index.Infos))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{Path.GetFileName(item.Path)} {info}"));
        }

        say("cache");
        var cache = new FrameCache(Path.Combine(folder, "frames"), new FrameCacheOptions { MinimumFreeBytes = 0 });
        var reader = cache.Wrap(decoder);
        foreach (var (item, info) in index.Items.Zip(index.Infos))
        {
            using var frames = reader.ReadFrames(item.Path, [.. Enumerable.Range(0, info.Frames)], info);
            for (int i = 0; i < frames.Count; i++)
            {
                hash.AppendData(frames.Frame(i));
            }
        }

        say("clips");
        foreach (var augmentation in (IClipAugmentation[])[recipe.Clips.CreateAugmentation(), TclrRecipes.Small().Clips.CreateAugmentation(), Augmentations.TclrReference(size: 32)])
        {
            var loader = new ClipLoader(index, reader, recipe.Clips.CreateSampler(), augmentation, new ClipLoaderOptions { Workers = workers });
            await foreach (var batch in loader.ReadAsync(new EpochRequest(Seed: 1, Epoch: 0, recipe.BatchSize)))
            {
                using (batch)
                {
                    hash.AppendData(batch.Clips.bytes);
                }
            }
        }

        string data = Convert.ToHexStringLower(hash.GetHashAndReset());

        say("training");
        if (Environment.GetEnvironmentVariable("TCLR_SOAK_KERNEL") is not null)
        {
            recipe = recipe with { Loss = LossRecipe.Tclr(new TclrLossOptions { Kernel = LossKernel.Batched }) };
        }

        string run = Path.Combine(folder, "run");
        var builder = new TclrTrainerBuilder().UseRecipe(recipe).FromVideos(index, recipe, reader, new ClipLoaderOptions { Workers = workers }).WithThreads(threads).SaveTo(run, everySteps: 2);
        using var trainer = (new CheckpointStore(Path.Combine(run, "checkpoints")).Newest is null ? builder : builder.Resume()).Build();
        await trainer.TrainAsync();
        foreach (var (_, parameter) in trainer.Encoder.Network.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            hash.AppendData(parameter.bytes);
        }

        say("features");
        trainer.Encoder.Network.eval();
        var clips = new VideoClips(index, reader, recipe.Clips.CreateTestSampler(2), recipe.Clips.CreateTestAugmentation(), new ClipLoaderOptions { Workers = workers });
        using var store = await new FeatureExtractor(trainer.Encoder).ExtractAsync(clips, Path.Combine(run, "all.features"), batchSize: 2);
        using var features = store.ReadAll();
        hash.AppendData(features.Values.bytes);
        say("end");
        return $"{data}-{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    private static int Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable("TCLR_SOAK_" + name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 1;
}
