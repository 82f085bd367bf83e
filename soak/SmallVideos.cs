using OpenCvSharp;
using Tclr.Data;

namespace Tclr.Soak;

/// <summary>Small lossless videos of a square on its way.</summary>
internal static class SmallVideos
{
    private const int Side = 32;
    private const int Frames = 40;

    public static VideoDataset Write(string folder, int videos)
    {
        if (!Directory.Exists(folder))
        {
            string unfinished = folder + ".unfinished";
            foreach (int i in Enumerable.Range(0, videos))
            {
                string path = Path.Combine(unfinished, $"class{i % 2}", $"{i:D3}.avi");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using var writer = new VideoWriter(path, VideoWriter.FourCC("FFV1"), 10, new Size(Side, Side));
                using var frame = new Mat(Side, Side, MatType.CV_8UC3);
                for (int t = 0; t < Frames; t++)
                {
                    frame.SetTo(new Scalar(40 + (7 * i % 160), 60, 80));
                    Cv2.Rectangle(frame, new Rect(t * (1 + (i % 2)) % 24, i % 24, 8, 8), new Scalar(200, 220, 240 - i), thickness: -1);
                    writer.Write(frame);
                }
            }

            Directory.Move(unfinished, folder);
        }

        return VideoDatasets.Folder(folder);
    }
}
