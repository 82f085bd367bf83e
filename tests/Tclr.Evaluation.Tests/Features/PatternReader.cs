using Tclr.Data;

namespace Tclr.Evaluation.Tests;

/// <summary>Videos without files: 60 frames of 32x24, their pixels a function of path and frame.</summary>
internal sealed class PatternReader : IVideoReader
{
    /// <summary>A path that cannot be decoded.</summary>
    public string? Broken { get; set; }

    /// <summary>Indexes videos <c>v0</c>, <c>v1</c>, ... whose classes come by turns.</summary>
    public Task<VideoIndex> IndexAsync(string name, int videos, params string[] classes)
    {
        var items = Enumerable.Range(0, videos).Select(i => new VideoItem($"{name}{i}", classes[i % classes.Length], i % classes.Length)).ToList();
        return VideoIndex.ScanAsync(new VideoDataset(name, items, classes), new VideoIndexOptions { Reader = this });
    }

    public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default) => new(60, 32, 24, 25);

    public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
    {
        if (string.Equals(path, Broken, StringComparison.Ordinal))
        {
            throw new VideoDataException(new FaultyVideo(path, VideoFault.DecodeError, "broken on purpose"));
        }

        var window = new FrameWindow(frames.Length, 24, 32);
        int video = path.Aggregate(17, (hash, c) => unchecked((hash * 31) + c));
        for (int i = 0; i < frames.Length; i++)
        {
            var frame = window.FrameToFill(i);
            for (int place = 0; place < frame.Length; place++)
            {
                frame[place] = (byte)((video * 7) + (frames[i] * 13) + (place * (1 + (video & 3))));
            }
        }

        return window;
    }
}
