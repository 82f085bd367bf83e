using System.Diagnostics;
using System.Runtime.CompilerServices;
using Tclr.Data;

namespace Tclr.Cli;

/// <summary>Checks of a folder of videos: a sample of them is decoded, and batches are loaded from it.</summary>
internal sealed class DataChecks(DoctorOptions options)
{
    private const int Sampled = 16;
    private const int Loaded = 8;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    private readonly IVideoReader reader = Readers.Create(options.Ffmpeg);

    public async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        VideoDataset? videos = null;
        yield return Finding.Of("videos", () =>
        {
            videos = VideoDatasets.Folder(options.Folder!);
            return new Finding("videos", Health.Ok, $"{videos.Items.Count} videos in {videos.Classes.Count} classes");
        });
        if (videos is null)
        {
            yield break;
        }

        var clips = TclrRecipes.Find(options.Recipe).Clips;
        var sample = Decode(videos, clips.CreateSampler().MinimumFrames, cancellationToken);
        yield return sample.Finding;
        if (sample.Faults.Count > 0)
        {
            yield return Faults(sample.Faults, sample.Good.Count + sample.Faults.Count);
        }

        if (sample.Good.Count > 0)
        {
            yield return await LoadAsync(new VideoDataset(videos.Name, [.. sample.Good.Take(Loaded)], videos.Classes), clips, cancellationToken);
        }
    }

    /// <summary>Faults of a sample by kind: a warning as long as training tolerates them.</summary>
    internal static Finding Faults(IReadOnlyList<FaultyVideo> faults, int sampled)
    {
        string kinds = string.Join(", ", faults.GroupBy(fault => fault.Fault).OrderByDescending(kind => kind.Count()).Select(kind => $"{kind.Count()} {kind.Key}"));
        bool tolerated = faults.Count <= new VideoIndexOptions().MaximumFaultyShare * sampled;
        return new Finding(
            "faults", tolerated ? Health.Warning : Health.Fault, $"{faults.Count} of {sampled} videos cannot be used ({kinds}); the first: {faults[0].Path}: {faults[0].Reason}",
            tolerated ? "Training leaves them out." : "Training refuses a folder with so many: replace or remove them, or try --ffmpeg.");
    }

    private (Finding Finding, List<VideoItem> Good, List<FaultyVideo> Faults) Decode(VideoDataset videos, int fewest, CancellationToken cancellationToken)
    {
        var good = new List<VideoItem>();
        var faults = new List<FaultyVideo>();
        int count = Math.Min(Sampled, videos.Items.Count);
        long frames = 0, fewestSeen = long.MaxValue, mostSeen = 0;
        var codecs = new SortedSet<string>(StringComparer.Ordinal);
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < count && clock.Elapsed < Budget; i++)
        {
            var item = videos.Items[(int)((((2L * i) + 1) * videos.Items.Count) / (2L * count))];
            try
            {
                var info = reader.Probe(item.Path, cancellationToken: cancellationToken);
                frames += info.Frames;
                (fewestSeen, mostSeen) = (Math.Min(fewestSeen, info.Frames), Math.Max(mostSeen, info.Frames));
                codecs.Add($"{info.Codec} {info.Width}x{info.Height}".Trim());
                if (info.Frames >= fewest)
                {
                    good.Add(item);
                }
                else
                {
                    faults.Add(new FaultyVideo(item.Path, VideoFault.TooShort, $"the video has {info.Frames} frames, expected {fewest} or more for a clip"));
                }
            }
            catch (VideoDataException e) when (e.Video is { } fault)
            {
                faults.Add(fault);
            }
        }

        var finding = frames == 0
            ? new Finding("decode", Health.Fault, $"none of {faults.Count} sampled videos decodes", "Look at the first fault below.")
            : new Finding("decode", Health.Ok, $"{good.Count + faults.Count} videos sampled, {fewestSeen} to {mostSeen} frames: {clock.Elapsed.TotalMilliseconds / frames:0.00} ms a frame on one thread ({string.Join(", ", codecs.Take(4))}{(codecs.Count > 4 ? ", ..." : string.Empty)})");
        return (finding, good, faults);
    }

    private async Task<Finding> LoadAsync(VideoDataset videos, ClipRecipe clips, CancellationToken cancellationToken)
    {
        var index = await VideoIndex.ScanAsync(videos, new VideoIndexOptions { Reader = reader }, cancellationToken: cancellationToken);
        var loading = new ClipLoaderOptions();
        var loader = new ClipLoader(index, reader, clips.CreateSampler(), clips.CreateAugmentation(), loading);
        int samples = 0;
        var clock = Stopwatch.StartNew();
        do
        {
            await foreach (var batch in loader.ReadInOrderAsync(2, cancellationToken))
            {
                using (batch)
                {
                    samples += (int)batch.Clips.shape[1];
                }
            }
        }
        while (clock.Elapsed.TotalSeconds < 2);
        double rate = samples / clock.Elapsed.TotalSeconds;
        var recipe = TclrRecipes.Find(options.Recipe);
        return new Finding("loader", Health.Ok, $"{rate:0.0} samples/s by {loading.Workers} workers: a batch of {options.BatchSize ?? recipe.BatchSize} in {(options.BatchSize ?? recipe.BatchSize) / rate:0.0} s");
    }
}
