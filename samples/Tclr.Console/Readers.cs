using Tclr.Data;

namespace Tclr.Cli;

/// <summary>What decodes videos.</summary>
internal static class Readers
{
    /// <summary>What <c>--cache</c> does.</summary>
    public const string CacheHelp = "Folder for decoded frames (up to 20 GiB): each video is decoded once, for this and later runs. The frames, and so the results, are the same.";

    /// <summary>OpenCV, and where wanted the installed <c>ffmpeg</c> command for what it cannot decode, and a cache.</summary>
    public static IVideoReader Create(bool ffmpeg, int? shortSide = null, string? cache = null)
    {
        var reader = new OpenCvVideoReader(new VideoReaderOptions { ShortSide = shortSide });
        return Cached(ffmpeg ? new FallbackVideoReader(reader, new FfmpegVideoReader(new VideoReaderOptions { ShortSide = shortSide })) : reader, cache);
    }

    /// <summary>A reader with a cache, if there is a folder for it.</summary>
    public static IVideoReader Cached(IVideoReader reader, string? cache)
        => cache is null ? reader : new FrameCache(cache, new FrameCacheOptions { Logger = new ConsoleLogger() }).Wrap(reader);
}
