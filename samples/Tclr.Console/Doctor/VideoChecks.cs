using OpenCvSharp;
using Tclr.Data;

namespace Tclr.Cli;

/// <summary>Checks of OpenCV, of what its build of FFmpeg decodes, and of the ffmpeg command.</summary>
internal static class VideoChecks
{
    private const int Side = 64;

    // Codecs that OpenCV writes itself; the demo writes FFV1.
    private static readonly (string FourCc, string Extension)[] Written = [("FFV1", ".avi"), ("MJPG", ".avi"), ("mp4v", ".mp4")];

    // Codecs of the common data sets and of video sites: three gray frames of 64x64, as raw streams (H.264, HEVC) and in IVF (VP9, AV1).
    private static readonly (string Name, string Extension, string Clip)[] Common =
    [
        ("h264", ".h264", "AAAAAWdkAAqs2UQmwEQAAAMABAAAAwBQPEiWWAAAAAFo6+PLIsAAAAFliIQAP//+92ifAjOKgOSVxSOs7oK+KpPLZYKxFl2BAAAAAUGaImxDf/6nj4gAAAABAZ5BeQ3/B30="),
        ("hevc", ".hevc", "AAAAAUABDAH//wFgAAADAJAAAAMAAAMAHpWYCQAAAAFCAQEBYAAAAwCQAAADAAADAB6gIIEFllZpJMrwFoCAAAADAIAAAAUEAAAAAUQBwXK0IkAAAAEoAa8RgPSSZvtpdAOAAAAAAQIB0BFXhDGIQPoKAAAAAQAB4CS/hjO/IA=="),
        ("vp9", ".ivf", "REtJRgAAIABWUDkwQABAAAoAAAABAAAAAwAAAAAAAAAbAAAAAAAAAAAAAACCSYNCAAPwA/YAOCQcGEoAADBgAAATuBgAAAAPAAAAAQAAAAAAAACGAECSnABQAAADIAAAVHAPAAAAAgAAAAAAAACGAECSnABO4AADIAAAVHA="),
        ("av1", ".ivf", "REtJRgAAIABBVjAxQABAAAoAAAABAAAAAwAAAAAAAAAcAAAAAAAAAAAAAAASAAoKAAAAAq//m18gCDIMEACWgAACAAAAAOyEFQAAAAEAAAAAAAAAEgAyETADwIAAAAbAAAACgAAgAJkQFQAAAAIAAAAAAAAAEgAyETAFwQQAAAbAAAACgAAgAJzw"),
    ];

    public static IEnumerable<Finding> Run()
    {
        var opencv = Finding.Of("opencv", OpenCv);
        yield return opencv;
        bool ffmpeg = FfmpegVideoReader.IsAvailable();
        if (opencv.Status != Health.Fault)
        {
            string folder = Directory.CreateTempSubdirectory("tclr-doctor-").FullName;
            try
            {
                yield return Finding.Of("encoders", () => Encoders(folder));
                foreach (var (name, extension, clip) in Common)
                {
                    yield return Finding.Of(name, () => Decoder(name, Path.Combine(folder, name + extension), clip, ffmpeg));
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        yield return ffmpeg ? new Finding("ffmpeg", Health.Ok, "the commands ffmpeg and ffprobe are installed; --ffmpeg decodes with them what OpenCV cannot")
            : new Finding("ffmpeg", Health.Warning, "the commands ffmpeg and ffprobe are not installed", "Needed only for videos that OpenCV cannot decode. On Debian and Ubuntu: apt-get install -y ffmpeg");
    }

    private static Finding OpenCv()
    {
        OpenCvRuntime.Load();
        var build = Cv2.GetBuildInformation().Split('\n').Select(line => line.Trim());
        string? codecs = build.FirstOrDefault(line => line.StartsWith("avcodec:", StringComparison.Ordinal))?["avcodec:".Length..].Trim();
        return codecs?.StartsWith("YES", StringComparison.Ordinal) == true
            ? new Finding("opencv", Health.Ok, $"OpenCV {Cv2.GetVersionString()} with FFmpeg (avcodec {codecs[3..].Trim(' ', '(', ')')})")
            : new Finding("opencv", OperatingSystem.IsWindows() ? Health.Ok : Health.Warning, $"OpenCV {Cv2.GetVersionString()}; its build information names no FFmpeg", OperatingSystem.IsWindows() ? null : "Reference the natives that docs/platforms.md names.");
    }

    private static Finding Encoders(string folder)
    {
        string[] failed = [.. Written.Where(codec => !RoundTrip(Path.Combine(folder, codec.FourCc + codec.Extension), codec.FourCc)).Select(codec => codec.FourCc)];
        return failed.Length == 0
            ? new Finding("encoders", Health.Ok, $"{string.Join(", ", Written.Select(codec => codec.FourCc))} written and read back")
            : new Finding("encoders", Health.Warning, $"{string.Join(", ", failed)} cannot be written and read back", "The demo writes FFV1; run it with --videos in its place.");
    }

    private static bool RoundTrip(string path, string fourCc)
    {
        const int Frames = 8;
        using (var writer = new VideoWriter(path, VideoWriter.FourCC(fourCc), 10, new Size(Side, Side)))
        {
            using var frame = new Mat(Side, Side, MatType.CV_8UC3, new Scalar(90, 120, 150));
            for (int t = 0; t < Frames && writer.IsOpened(); t++)
            {
                writer.Write(frame);
            }
        }

        return File.Exists(path) && Decodes(path, Frames);
    }

    private static Finding Decoder(string name, string path, string clip, bool ffmpeg)
    {
        File.WriteAllBytes(path, Convert.FromBase64String(clip));
        return Decodes(path, 1)
            ? new Finding(name, Health.Ok, "OpenCV decodes it")
            : new Finding(name, Health.Warning, "OpenCV's build of FFmpeg does not decode it", ffmpeg ? "Use --ffmpeg with such videos." : "For such videos install ffmpeg and use --ffmpeg, or re-encode them: ffmpeg -i IN -c:v libx264 OUT.mp4");
    }

    private static bool Decodes(string path, int frames)
    {
        using var capture = new VideoCapture(path, VideoCaptureAPIs.FFMPEG);
        using var frame = new Mat();
        int decoded = 0;
        while (capture.IsOpened() && capture.Read(frame) && !frame.Empty())
        {
            decoded++;
        }

        return decoded >= frames;
    }
}
