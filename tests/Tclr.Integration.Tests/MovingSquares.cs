using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Tclr.Integration.Tests;

/// <summary>Small videos of a square on its way over a plain background, in class folders.</summary>
internal static class MovingSquares
{
    private const int Side = 32;

    public static string Write(string folder, int videos, int frames = 40)
    {
        for (int i = 0; i < videos; i++)
        {
            string path = Path.Combine(folder, i % 2 == 0 ? "right" : "down", FormattableString.Invariant($"{i}.avi"));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            WriteVideo(path, frames, i);
        }

        return folder;
    }

    private static void WriteVideo(string path, int frames, int video)
    {
        using var writer = new VideoWriter(path, VideoWriter.FourCC("FFV1"), 10, new Size(Side, Side));
        Assert.That(writer.IsOpened(), Is.True, $"cannot write {path}");
        using var mat = new Mat(Side, Side, MatType.CV_8UC3);
        for (int t = 0; t < frames; t++)
        {
            byte[] pixels = new byte[Side * Side * 3];
            Array.Fill(pixels, (byte)(40 + (10 * video)));
            int row = video % 2 == 0 ? video % 24 : t % 24, column = video % 2 == 0 ? t % 24 : video % 24;
            for (int i = 0; i < 64; i++)
            {
                pixels.AsSpan(3 * (((row + (i / 8)) * Side) + column + (i % 8)), 3).Fill(220);
            }

            Marshal.Copy(pixels, 0, mat.Data, pixels.Length);
            writer.Write(mat);
        }
    }
}
