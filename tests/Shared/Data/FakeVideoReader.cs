using System.Collections.Concurrent;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Testing;

/// <summary>Videos without files: pixels are a function of path and frame; some paths fail; reads can be held up.</summary>
internal sealed class FakeVideoReader : IVideoReader
{
    private int active;
    private int reads;

    public int Frames { get; init; } = 40;

    public double FramesPerSecond { get; init; } = 25;

    /// <summary>Paths that cannot be decoded.</summary>
    public HashSet<string> Broken { get; } = new(StringComparer.Ordinal);

    /// <summary>Called before each read.</summary>
    public Action<string, CancellationToken> OnRead { get; set; } = (_, _) => { };

    /// <summary>Reads under way.</summary>
    public int Active => Volatile.Read(ref active);

    /// <summary>Reads begun.</summary>
    public int Reads => Volatile.Read(ref reads);

    /// <summary>The frames of each read.</summary>
    public ConcurrentQueue<int[]> Requests { get; } = new();

    /// <summary>What the caller knew at each read.</summary>
    public ConcurrentQueue<VideoInfo?> Known { get; } = new();

    public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default)
    {
        OnRead(path, cancellationToken);
        Check(path);
        return new VideoInfo(Frames, 32, 24, FramesPerSecond);
    }

    public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref active);
        Interlocked.Increment(ref reads);
        try
        {
            Requests.Enqueue(frames.ToArray());
            Known.Enqueue(known);
            OnRead(path, cancellationToken);
            Check(path);
            var window = new FrameWindow(frames.Length, 24, 32);
            int video = path.Aggregate(17, (hash, c) => unchecked((hash * 31) + c));
            for (int i = 0; i < frames.Length; i++)
            {
                Frame(video, frames[i]).CopyTo(window.FrameToFill(i));
            }

            return window;
        }
        finally
        {
            Interlocked.Decrement(ref active);
        }
    }

    /// <summary>The pixels of a frame by formula.</summary>
    public static byte[] Frame(int video, int frame, int width = 32, int height = 24)
    {
        var random = CounterRandom.For((ulong)video, (ulong)frame);
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)random.NextUInt64();
        }

        return pixels;
    }

    /// <summary>Indexes videos <c>v00</c>, <c>v01</c>, ... that this reader has, whose classes come by turns.</summary>
    public Task<VideoIndex> IndexAsync(int videos, params string[] classes)
    {
        string[] names = classes.Length > 0 ? classes : ["some"];
        var items = Enumerable.Range(0, videos).Select(i => new VideoItem($"v{i:D2}", names[i % names.Length], i % names.Length)).ToList();
        return VideoIndex.ScanAsync(new VideoDataset("fake", items, names), new VideoIndexOptions { Reader = this });
    }

    private void Check(string path)
    {
        if (Broken.Contains(path))
        {
            throw new VideoDataException(new FaultyVideo(path, VideoFault.DecodeError, "broken on purpose"));
        }
    }
}
