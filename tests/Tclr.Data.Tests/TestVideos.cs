using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Tclr.Data.Tests;

/// <summary>Small videos whose every pixel is a function of (video, frame, place).</summary>
internal static class TestVideos
{
    /// <summary>Writes a video, lossless unless another codec is asked for.</summary>
    public static string Write(string path, int frames, int width = 32, int height = 24, int video = 0, string codec = "FFV1")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var writer = new VideoWriter(path, VideoWriter.FourCC(codec), 25, new Size(width, height));
        Assert.That(writer.IsOpened(), Is.True, $"cannot write {path}");
        using var mat = new Mat(height, width, MatType.CV_8UC3);
        for (int i = 0; i < frames; i++)
        {
            byte[] rgb = FakeVideoReader.Frame(video, i, width, height);
            byte[] bgr = new byte[rgb.Length];
            for (int p = 0; p < rgb.Length; p += 3)
            {
                (bgr[p], bgr[p + 1], bgr[p + 2]) = (rgb[p + 2], rgb[p + 1], rgb[p]);
            }

            Marshal.Copy(bgr, 0, mat.Data, bgr.Length);
            writer.Write(mat);
        }

        return path;
    }

    /// <summary>Properties of a video of 25 frames per second, unless another rate is asked for.</summary>
    public static VideoInfo Info(int frames, double framesPerSecond = 25) => new(frames, 320, 240, framesPerSecond);

    /// <summary>Cuts a file's end off.</summary>
    public static void Truncate(string path, double share)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.SetLength((long)(file.Length * share));
    }
}
