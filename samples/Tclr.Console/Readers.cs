using Tclr.Data;

namespace Tclr.Cli;

/// <summary>What decodes videos.</summary>
internal static class Readers
{
    /// <summary>OpenCV, and where wanted the installed <c>ffmpeg</c> command for what it cannot decode.</summary>
    public static IVideoReader Create(bool ffmpeg, int? shortSide = null)
    {
        var reader = new OpenCvVideoReader(new OpenCvVideoReaderOptions { ShortSide = shortSide });
        return ffmpeg ? new FallbackVideoReader(reader, new FfmpegVideoReader(new FfmpegVideoReaderOptions { ShortSide = shortSide })) : reader;
    }
}
