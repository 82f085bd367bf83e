namespace Tclr.Data.Tests;

/// <summary>Files that stand for videos, a folder for a cache, and its log.</summary>
internal sealed class CacheFiles : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public CacheFiles(int videos)
    {
        Videos = [.. Enumerable.Range(0, videos).Select(i => folder[$"v{i}.avi"])];
        foreach (var (i, path) in Videos.Index())
        {
            File.WriteAllText(path, new string('x', 10 + i));
        }
    }

    public IReadOnlyList<string> Videos { get; }

    public string CacheFolder => folder["cache"];

    /// <summary>The files of the cache.</summary>
    public string[] Stored => Directory.Exists(CacheFolder) ? Directory.GetFiles(CacheFolder) : [];

    public ListLogger Log { get; } = new();

    public FrameCache Open(Func<FrameCacheOptions, FrameCacheOptions>? change = null, string? at = null)
    {
        var options = new FrameCacheOptions { Logger = Log, MinimumFreeBytes = 0 };
        return new FrameCache(at ?? CacheFolder, change?.Invoke(options) ?? options);
    }

    /// <summary>Reads frames and compares them with those of the video.</summary>
    public static void Check(IVideoReader reader, string path, params int[] frames)
    {
        using var window = reader.ReadFrames(path, frames, new VideoInfo(FileReader.Frames, 32, 24, 25));
        Assert.That(window.Count, Is.EqualTo(frames.Length));
        for (int i = 0; i < frames.Length; i++)
        {
            Assert.That(window.Frame(i).SequenceEqual(FileReader.Frame(path, frames[i])), Is.True, $"frame {frames[i]} of {path}");
        }
    }

    public void Dispose() => folder.Dispose();
}

/// <summary>Decodes files to frames that are a function of the file's length and the frame.</summary>
internal sealed class FileReader : IVideoReader
{
    public const int Frames = 20;

    private int reads;

    public string? FrameSettings { get; init; } = "test";

    /// <summary>Calls of the reader.</summary>
    public int Reads => Volatile.Read(ref reads);

    /// <summary>Called before each read.</summary>
    public Action<int[]> OnRead { get; init; } = _ => { };

    public static byte[] Frame(string path, int frame) => FakeVideoReader.Frame((int)new FileInfo(path).Length, frame);

    public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default) => new(Frames, 32, 24, 25);

    public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref reads);
        OnRead(frames.ToArray());
        if (frames[^1] >= Frames)
        {
            throw new VideoDataException(new FaultyVideo(path, VideoFault.DecodeError, "there is no such frame"));
        }

        var window = new FrameWindow(frames.Length, 24, 32);
        for (int i = 0; i < frames.Length; i++)
        {
            Frame(path, frames[i]).CopyTo(window.FrameToFill(i));
        }

        return window;
    }
}
