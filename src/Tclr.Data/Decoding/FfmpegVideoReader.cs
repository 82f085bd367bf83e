using System.Globalization;
using System.Text.Json;
using OpenCvSharp;

namespace Tclr.Data;

/// <summary>Decodes videos with an installed <c>ffmpeg</c> command, a process for each call.</summary>
/// <remarks>
/// <para>
/// For what <see cref="OpenCvVideoReader"/> cannot decode: codecs that OpenCV's FFmpeg lacks, such as AV1, and videos whose
/// frame size or pixel format change, whose frames are scaled to the size of the first. The colors are those of the
/// <c>ffmpeg</c> command, with the matrix that the file states (bt.601, bt.709, bt.2020); OpenCV takes bt.601 for all. A
/// decoder that crashes ends only its own process.
/// </para>
/// <para>Decoding starts at the first frame of the file and stops at the last frame needed. Each call starts a process, which takes tens of milliseconds.</para>
/// </remarks>
public sealed class FfmpegVideoReader : IVideoReader
{
    private readonly VideoReaderOptions options;
    private readonly string executable;

    /// <summary>Creates a reader.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <param name="executable">The <c>ffmpeg</c> command: a name on the PATH, or a path. <c>ffprobe</c> is expected beside it.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public FfmpegVideoReader(VideoReaderOptions? options = null, string executable = "ffmpeg")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(executable);
        this.executable = executable;
        this.options = options ?? new VideoReaderOptions();
        OptionChecker.ThrowIfInvalid(this.options.Check, nameof(options));
    }

    /// <inheritdoc/>
    /// <remarks>Includes the first line of <c>ffmpeg -version</c>.</remarks>
    public string FrameSettings => FormattableString.Invariant($"ffmpeg, short side {options.ShortSide?.ToString(CultureInfo.InvariantCulture) ?? "as it is"}, {Version() ?? "not installed"}");

    /// <summary>Whether the commands <c>ffmpeg</c> and <c>ffprobe</c> can be started.</summary>
    /// <param name="executable">The <c>ffmpeg</c> command.</param>
    public static bool IsAvailable(string executable = "ffmpeg")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(executable);
        try
        {
            foreach (string command in new[] { executable, Probing(executable) })
            {
                using var process = FfmpegProcess.Start(command, ["-version"], command, TimeSpan.FromSeconds(30), CancellationToken.None);
                process.Output.CopyTo(Stream.Null);
                process.Complete();
            }

            return true;
        }
        catch (VideoDataException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default)
        => Probe(path, proveSeeks, null, cancellationToken);

    /// <inheritdoc/>
    public VideoInfo Probe(string path, bool proveSeeks, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        SourceFile.Check(path);
        var (info, packets) = Describe(path, cancellationToken);
        var size = Size(path, cancellationToken);
        int frames = Count(path, packets, progress, cancellationToken);
        return info with
        {
            Frames = frames,
            Width = size.Width,
            Height = size.Height,
            AnnouncedFrames = Math.Max(packets, frames),
            StopsEarly = ContainerCheck.Truncation(path) is not null,
        };
    }

    /// <inheritdoc/>
    public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FrameIndices.Check(frames);
        SourceFile.Check(path);
        string count = (frames[^1] + 1).ToString(CultureInfo.InvariantCulture);
        using var process = Decode(path, ["-frames:v", count, "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24"], cancellationToken);
        using var decoded = new Mat();
        using var small = new Mat();
        var pictures = new PpmStream(process.Output);
        FrameWindow? window = null;
        try
        {
            for (int next = 0, place = 0; place < frames.Length; next++)
            {
                if (pictures.Next() is not { } size || !Read(pictures, decoded, size))
                {
                    process.ThrowIfKilled();
                    process.Complete();
                    throw FrameIndices.TooFew(path, next);
                }

                if (next == frames[place])
                {
                    var image = FrameCopy.Shrink(decoded, small, options.ShortSide);
                    window ??= new FrameWindow(frames.Length, image.Rows, image.Cols);
                    FrameCopy.CheckSize(path, image, window, next);
                    FrameCopy.Plain(image, window.FrameToFill(place++));
                }
            }

            return window!;
        }
        catch
        {
            window?.Dispose();
            throw;
        }
    }

    private string? Version()
    {
        try
        {
            using var process = FfmpegProcess.Start(executable, ["-version"], executable, TimeSpan.FromSeconds(30), CancellationToken.None);
            using var lines = new StreamReader(process.Output);
            string? first = lines.ReadLine();
            lines.ReadToEnd();
            process.Complete();
            return first;
        }
        catch (VideoDataException)
        {
            return null;
        }
    }

    private static string Probing(string executable)
    {
        string name = Path.GetFileName(executable);
        int at = name.LastIndexOf("ffmpeg", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? "ffprobe" : executable[..^(name.Length - at)] + "ffprobe" + name[(at + 6)..];
    }

    private static unsafe bool Read(PpmStream pictures, Mat target, (int Width, int Height) size)
    {
        target.Create(size.Height, size.Width, MatType.CV_8UC3);
        return pictures.Pixels(new Span<byte>((void*)target.Data, size.Height * size.Width * 3));
    }

    // With 'file:' and an absolute path, the name cannot be mistaken for an option or another protocol.
    private static string Input(string path) => "file:" + Path.GetFullPath(path);

    private FfmpegProcess Decode(string path, IEnumerable<string> output, CancellationToken cancellationToken)
    {
        string threads = options.DecoderThreads.ToString(CultureInfo.InvariantCulture);
        return FfmpegProcess.Start(
            executable,
            [
                "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe", "-threads", threads, "-i", Input(path),
                "-map", "0:v:0", "-vsync", "passthrough", "-threads", "1", .. output, "-",
            ],
            path, options.TimeLimit, cancellationToken);
    }

    // The size after rotation.
    private (int Width, int Height) Size(string path, CancellationToken cancellationToken)
    {
        using var process = Decode(path, ["-frames:v", "1", "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24"], cancellationToken);
        var size = new PpmStream(process.Output).Next();
        process.Output.CopyTo(Stream.Null);
        process.Complete();
        return size ?? throw VideoFile.Faulty(path, VideoFault.DecodeError, process.Message("decodes no frame of it"));
    }

    // Frames are counted without being converted.
    private int Count(string path, int packets, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var process = Decode(path, ["-progress", "pipe:1", "-f", "null"], cancellationToken);
        using var lines = new StreamReader(process.Output);
        int frames = 0;
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith("frame=", StringComparison.Ordinal) && int.TryParse(line.AsSpan(6).Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture, out int count))
            {
                frames = count;
                progress?.Report(packets > 0 ? Math.Min(1, (double)frames / packets) : 0);
            }
        }

        process.Complete(tolerant: true);
        return frames > 0 ? frames : throw VideoFile.Faulty(path, VideoFault.DecodeError, process.Message("decodes no frame of it"));
    }

    private (VideoInfo Info, int Packets) Describe(string path, CancellationToken cancellationToken)
    {
        using var process = FfmpegProcess.Start(
            Probing(executable),
            [
                "-v", "error", "-protocol_whitelist", "file,pipe", "-select_streams", "v:0", "-count_packets", "-of", "json",
                "-show_entries", "stream=codec_name,avg_frame_rate,nb_read_packets:stream_side_data=rotation", Input(path),
            ],
            path, options.TimeLimit, cancellationToken);
        using var text = new MemoryStream();
        process.Output.CopyTo(text);
        process.Complete(tolerant: true);
        try
        {
            using var document = JsonDocument.Parse(text.ToArray());
            if (document.RootElement.TryGetProperty("streams", out var streams) && streams.GetArrayLength() > 0)
            {
                return Parse(streams[0]);
            }
        }
        catch (JsonException)
        {
            // No readable output: not a video.
        }

        throw ContainerCheck.Truncation(path) is { } cut
            ? VideoFile.Faulty(path, VideoFault.Truncated, $"{cut}: expected a whole video. Copy or download it anew, or remove it.")
            : VideoFile.Faulty(path, VideoFault.NotAVideo, process.Message("finds no video in it"));
    }

    private static (VideoInfo Info, int Packets) Parse(JsonElement stream)
    {
        string Text(string name) => stream.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
        string[] rate = Text("avg_frame_rate").Split('/');
        double fps = rate.Length == 2
            && double.TryParse(rate[0], CultureInfo.InvariantCulture, out double above) && double.TryParse(rate[1], CultureInfo.InvariantCulture, out double below) && below > 0
                ? above / below
                : 0;
        int rotation = 0;
        if (stream.TryGetProperty("side_data_list", out var sides))
        {
            foreach (var side in sides.EnumerateArray())
            {
                // Counterclockwise in FFmpeg, clockwise in VideoInfo.
                rotation = side.TryGetProperty("rotation", out var turn) && turn.TryGetDouble(out double degrees) ? (((int)-degrees % 360) + 360) % 360 : rotation;
            }
        }

        _ = int.TryParse(Text("nb_read_packets"), NumberStyles.Integer, CultureInfo.InvariantCulture, out int packets);
        return (new VideoInfo(0, 0, 0, fps) { Codec = Text("codec_name"), Rotation = rotation }, packets);
    }
}
