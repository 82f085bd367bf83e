namespace Tclr.Data;

/// <summary>The error for a video that OpenCV opens but cannot decode.</summary>
internal static class CodecAdvice
{
    /// <summary>Creates the error.</summary>
    public static VideoDataException NoFrame(VideoFile file)
    {
        string codec = file.Codec.Length > 0 ? file.Codec : "unknown";
        string cause = codec.Equals("av01", StringComparison.OrdinalIgnoreCase)
            ? "OpenCV's build of FFmpeg has no software decoder for AV1"
            : "it is damaged, or OpenCV's build of FFmpeg lacks the decoder";
        return VideoFile.Faulty(
            file.Path,
            VideoFault.DecodeError,
            $"the video (codec {codec}) opens, but none of its frames can be decoded: {cause}. Read it with FfmpegVideoReader (--ffmpeg on the command line), re-encode it (ffmpeg -i IN -c:v libx264 OUT.mp4), or remove it.");
    }
}
