using OpenCvSharp;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Cli;

/// <summary>
/// Videos whose class is a pair (scene, program): the scene is visible in every frame, the program is which poses an
/// object takes over time. No single frame tells the program, so it shows whether features keep time.
/// </summary>
internal static class SyntheticSet
{
    public const int Size = 32;
    public const int Frames = 40;
    public const int ClassCount = 9;
    public const int Variants = 3;

    public const string FolderName = "embedded-set";

    private const string Marker = "made-by-tclr";
    private const int FramesPerSecond = 10;
    private const int BytesPerVideo = 150_000;

    private static readonly string[] Scenes = ["vertical", "horizontal", "checks"];

    /// <summary>
    /// Removes the set of an earlier run, whose videos would change the result, and marks the folder. What was not made
    /// here is left alone.
    /// </summary>
    public static void Clear(string folder)
    {
        string marker = Path.Combine(folder, Marker);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            if (!File.Exists(marker))
            {
                throw new IOException($"'{folder}' was not made by this program, which would replace it: choose another --out");
            }

            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(marker, string.Empty);
    }

    /// <summary>Writes the videos of one split into class folders; the i-th one has class i mod 9.</summary>
    public static void Write(string folder, int count, ulong seed, Action<int> done, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        long free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace, needed = (long)count * BytesPerVideo;
        if (free < needed)
        {
            throw new IOException($"'{folder}' has {free >> 20} MiB free, {needed >> 20} MiB are needed for {count} videos: free space or choose another --out");
        }

        int written = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, count, parallel, i =>
        {
            int scene = i % ClassCount / Variants, program = i % Variants;
            string classFolder = Path.Combine(folder, $"{Scenes[scene]}-{program}");
            Directory.CreateDirectory(classFolder);
            var video = new SyntheticVideo(scene, program, CounterRandom.For(seed, (ulong)i));
            WriteVideo(Path.Combine(classFolder, FormattableString.Invariant($"{i:D5}.avi")), video);
            done(Interlocked.Increment(ref written));
        });
    }

    /// <summary>The scene of a class, from its folder's name.</summary>
    public static int SceneOf(string label) => Array.IndexOf(Scenes, label.Split('-')[0]);

    /// <summary>The program of a class, from its folder's name.</summary>
    public static int ProgramOf(string label) => label[^1] - '0';

    // FFV1 is lossless, so that noise and texture survive.
    private static unsafe void WriteVideo(string path, SyntheticVideo video)
    {
        OpenCvRuntime.Load();
        using var writer = new VideoWriter(path, VideoWriter.FourCC("FFV1"), FramesPerSecond, new Size(Size, Size));
        if (!writer.IsOpened())
        {
            throw new IOException($"the video '{path}' cannot be written: this OpenCV lacks the FFV1 encoder, or the folder is not writable");
        }

        var pixels = new byte[Size * Size * 3];
        fixed (byte* data = pixels)
        {
            using var frame = Mat.FromPixelData(Size, Size, MatType.CV_8UC3, (nint)data);
            for (int t = 0; t < Frames; t++)
            {
                video.Draw(t, pixels);
                writer.Write(frame);
            }
        }
    }
}
