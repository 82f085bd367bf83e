using System.Runtime.InteropServices;
using OpenCvSharp;
using Tclr.Data;

namespace Tclr.Fuzz;

/// <summary>
/// A video in the way a run reads it: scanned, its seeks verified, then read in windows. Windows equal a decode of the file from its start to
/// its end, or the file has a typed fault.
/// </summary>
/// <param name="name">Name of the target.</param>
/// <param name="container">The extension.</param>
/// <param name="seed">Makes a good file in a folder.</param>
internal sealed class VideoTarget(string name, string container, Func<string, byte[]> seed) : FuzzTarget(name, "video." + container)
{
    private const int Frames = 72;
    private const int Width = 32;
    private const int Height = 24;
    private const int Window = 8;

    private readonly OpenCvVideoReader reader = new(new VideoReaderOptions { TimeLimit = TimeSpan.FromMinutes(1) });

    public override int BoundedCases => 30;

    /// <summary>Videos that OpenCV writes.</summary>
    public static VideoTarget Written(string container, string codec) => new($"video-{container}-{codec.ToLowerInvariant()}", container, folder => Write(Path.Combine(folder, "seed." + container), codec));

    /// <summary>A video at hand.</summary>
    public static VideoTarget Of(string path) => new("video-" + Path.GetFileName(path), Path.GetExtension(path)[1..], _ => File.ReadAllBytes(path));

    public override IEnumerable<byte[]> Prepare(string folder) => [seed(folder)];

    public override void Read(string path)
    {
        var info = reader.Probe(path, proveSeeks: true);
        using var whole = reader.ReadFrames(path, [.. Enumerable.Range(0, info.Frames)]);
        for (int start = 0; start < info.Frames; start += info.Frames / 4 + 1)
        {
            int[] frames = [.. Enumerable.Range(start, Math.Min(Window, info.Frames - start))];
            using var window = reader.ReadFrames(path, frames, info);
            foreach (var (i, frame) in frames.Index())
            {
                if (!window.Frame(i).SequenceEqual(whole.Frame(frame)))
                {
                    throw new InvalidOperationException(FormattableString.Invariant($"frame {frame} of {info} differs from that of a sequential decode"));
                }
            }
        }
    }

    public override bool IsTyped(Exception exception) => exception is VideoDataException { Video: not null };

    private static byte[] Write(string path, string codec)
    {
        using (var writer = new VideoWriter(path, VideoWriter.FourCC(codec), 25, new Size(Width, Height)))
        using (var mat = new Mat(Height, Width, MatType.CV_8UC3))
        {
            for (int i = 0; i < Frames; i++)
            {
                byte[] pixels = [.. Enumerable.Range(0, Width * Height * 3).Select(p => (byte)((p * 5 / Width) + (i * 3)))];
                Marshal.Copy(pixels, 0, mat.Data, pixels.Length);
                writer.Write(mat);
            }
        }

        return File.ReadAllBytes(path);
    }
}
