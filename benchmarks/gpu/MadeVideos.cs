using Tclr.Data;

namespace Tclr.Benchmarks.Gpu;

/// <summary>Videos of moving stripes that no file holds.</summary>
internal sealed class MadeVideos : IVideoReader
{
    private const int Frames = 80;
    private const int Height = 48;
    private const int Width = 64;

    public static VideoDataset Dataset(int count) => new("stripes", [.. Enumerable.Range(0, count).Select(i => new VideoItem($"{i}", "stripes", 0))], ["stripes"]);

    public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default)
        => new(Frames, Width, Height, FramesPerSecond: 25) { ExactSeeks = true, ConstantFormat = true };

    public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
    {
        var window = new FrameWindow(frames.Length, Height, Width);
        int phase = int.Parse(path) * 7;
        for (int i = 0; i < frames.Length; i++)
        {
            var pixels = window.FrameToFill(i);
            for (int at = 0; at < pixels.Length; at++)
            {
                int place = at / 3;
                pixels[at] = (byte)(((place % Width * (3 + (at % 3))) + (place / Width * 2) + (frames[i] * 5) + phase) % 256);
            }
        }

        return window;
    }
}
