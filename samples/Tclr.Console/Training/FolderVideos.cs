using System.Collections.Concurrent;
using System.Security.Cryptography;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Cli;

/// <summary>Videos of a user: some to train on, the others to measure on.</summary>
/// <param name="Training">The videos to train on.</param>
/// <param name="HeldOut">The videos to measure on.</param>
internal sealed record FolderVideos(VideoIndex Training, VideoIndex HeldOut)
{
    /// <summary>The fewest videos: two to train on, since an instance loss compares videos, and two to measure on.</summary>
    public const int Fewest = 4;

    private const int HeldOutShare = 3;
    private const int MostHeldOut = 60;

    private static readonly int AtATime = 2 * Environment.ProcessorCount;

    /// <summary>Frames and frame rates of all of them.</summary>
    public IReadOnlyList<VideoInfo> Infos => [.. Training.Infos, .. HeldOut.Infos];

    /// <summary>Looks through a folder, stores the frames in the cache of the reader, and holds one video in three out. As many videos are taken as the time allows.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="decoder">Opens the videos.</param>
    /// <param name="reader">The same with a cache.</param>
    /// <param name="indexFile">File that keeps what is known of the videos.</param>
    /// <param name="minimumFrames">Shorter videos are left out.</param>
    /// <param name="limit">The longest time to take.</param>
    /// <param name="display">Shows progress.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UsageException">The videos cannot serve.</exception>
    public static async Task<FolderVideos> ReadAsync(
        string folder, IVideoReader decoder, IVideoReader reader, string indexFile, int minimumFrames, TimeSpan limit, ProgressDisplay display, CancellationToken cancellationToken)
    {
        var dataset = VideoDatasets.Folder(folder);
        Require(folder, dataset.Items.Count, "has");
        var options = new VideoIndexOptions { MinimumFrames = minimumFrames, Reader = decoder, CachePath = indexFile, MaximumFaultyShare = 1, ProveSeeks = false };
        var looks = new ConcurrentDictionary<string, Look>(StringComparer.Ordinal);
        var bar = display.Add("Reading the videos", dataset.Items.Count);
        var seen = new HashSet<VideoItem>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(limit);
        try
        {
            // In random order, so that what fits the time is of all sub-folders.
            foreach (var part in Shuffled(dataset.Items).Chunk(AtATime))
            {
                await LookAsync(new VideoDataset(dataset.Name, part, dataset.Classes), options, reader, looks, stop.Token);
                seen.UnionWith(part);
                bar.Report(seen.Count);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            seen.UnionWith(dataset.Items.Where(item => looks.ContainsKey(item.Path)));
            Require(folder, looks.Count, $"has {dataset.Items.Count}, and the time (--minutes) was enough to read");
            Terminal.Warn($"{looks.Count} of the {dataset.Items.Count} videos are used: reading all takes longer than --minutes allows. What was read is kept, so a later run uses more.");
        }

        var index = await VideoSet.ScanAsync(new VideoDataset(dataset.Name, [.. dataset.Items.Where(seen.Contains)], dataset.Classes), options, display, cancellationToken);
        index = index.Where(item => looks.ContainsKey(item.Path));
        Require(folder, index.Items.Count, $"has {dataset.Items.Count}, and usable are");
        Compare([.. index.Items.Select(item => (item.Path, looks[item.Path]))]);
        int count = Math.Min(MostHeldOut, Math.Max(2, index.Items.Count / HeldOutShare));
        var heldOut = Enumerable.Range(0, count).Select(i => index.Items[(int)(((2L * i) + 1) * index.Items.Count / (2L * count))]).ToHashSet();
        return new FolderVideos(index.Where(item => !heldOut.Contains(item)), index.Where(heldOut.Contains));
    }

    private static void Require(string folder, int count, string got)
    {
        if (count < Fewest)
        {
            throw new UsageException($"--videos: expected {Fewest} videos or more, some to train on and some to hold out; '{folder}' {got} {count}. Add videos, cut long ones into several files, or leave --videos out for the demo's own videos.");
        }
    }

    // Any frame makes the cache store the whole video.
    private static async Task LookAsync(VideoDataset part, VideoIndexOptions options, IVideoReader reader, ConcurrentDictionary<string, Look> looks, CancellationToken cancellationToken)
    {
        VideoIndex index;
        try
        {
            index = await VideoIndex.ScanAsync(part, options, progress: null, cancellationToken);
        }
        catch (VideoDataException)
        {
            // None of these is usable; the scan of all says why.
            return;
        }

        await Parallel.ForEachAsync(index.Items.Zip(index.Infos), cancellationToken, (video, token) =>
        {
            try
            {
                looks[video.First.Path] = Look.At(reader, video.First.Path, video.Second, token);
            }
            catch (VideoDataException e)
            {
                Terminal.Warn($"Left out {video.First.Path}: {e.Message}");
            }

            return ValueTask.CompletedTask;
        });
    }

    // What cannot be told apart cannot be learned from.
    private static void Compare((string Path, Look Look)[] videos)
    {
        if (!videos.Any(video => video.Look.Moves))
        {
            throw new UsageException($"--videos: expected videos in which something moves; in all {videos.Length} of them the first, the middle and the last frame are the same");
        }

        int still = videos.Count(video => !video.Look.Moves);
        if (still > 0)
        {
            Terminal.Warn($"{still} of the {videos.Length} videos do not change over time, such as '{videos.First(video => !video.Look.Moves).Path}': no moment of them can be found.");
        }

        var copies = videos.GroupBy(video => video.Look.Picture, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.ToArray()).ToArray();
        if (copies is [var only] && only.Length == videos.Length)
        {
            throw new UsageException($"--videos: expected different videos; all {videos.Length} of them show the same picture in the middle, such as '{videos[0].Path}' and '{videos[1].Path}'");
        }

        if (copies.Length > 0)
        {
            Terminal.Warn($"{copies.Sum(group => group.Length - 1)} of the {videos.Length} videos are copies of others, such as '{copies[0][1].Path}' of '{copies[0][0].Path}': a held-out copy of a training video was seen in training.");
        }
    }

    private static VideoItem[] Shuffled(IReadOnlyList<VideoItem> items)
    {
        VideoItem[] order = [.. items];
        var random = CounterRandom.For(0);
        random.Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>What a video looks like.</summary>
    /// <param name="Picture">A hash of its middle frame.</param>
    /// <param name="Moves">Whether first, middle and last frame differ.</param>
    private sealed record Look(string Picture, bool Moves)
    {
        public static Look At(IVideoReader reader, string path, VideoInfo info, CancellationToken cancellationToken)
        {
            int[] places = [.. new SortedSet<int> { 0, info.Frames / 2, info.Frames - 1 }];
            using var frames = reader.ReadFrames(path, places, info, cancellationToken);
            string[] hashes = [.. Enumerable.Range(0, places.Length).Select(i => Convert.ToHexString(SHA256.HashData(frames.Frame(i))))];
            return new Look(hashes[hashes.Length / 2], hashes.Distinct(StringComparer.Ordinal).Count() > 1);
        }
    }
}
