using OpenCvSharp;

namespace Tclr.Data;

/// <summary>
/// Finds out whether seeks in a video are exact. OpenCV computes where to go from times and frame rates, which hold in
/// many files and not in all; so every target is tried, and what follows it is compared with a decode from the start.
/// </summary>
internal static class SeekProof
{
    /// <summary>Gives a number that says whether two frames are the same.</summary>
    public static unsafe ulong FingerprintOf(Mat frame)
    {
        var print = new Fingerprint((uint)frame.Cols, (uint)frame.Rows);
        nint row = frame.Data, step = (nint)frame.Step();
        int rows = frame.Rows, length = frame.Cols * frame.Channels();
        for (int y = 0; y < rows; y++, row += step)
        {
            print.Add(new ReadOnlySpan<byte>((void*)row, length));
        }

        return print.Value;
    }

    /// <summary>Tries all targets of <see cref="SeekPlan"/>.</summary>
    /// <param name="file">The video.</param>
    /// <param name="expected">The fingerprints of all frames, decoded from the start.</param>
    /// <param name="progress">Hears after each target the share that is done; <see langword="null"/> where nobody does.</param>
    /// <returns>Whether all frames after all targets are the same; <see langword="false"/> where there is no use in seeking.</returns>
    public static bool Holds(VideoFile file, IReadOnlyList<ulong> expected, IProgress<double>? progress = null)
    {
        using var frame = new Mat();
        for (int target = SeekPlan.Interval; target < expected.Count; target += SeekPlan.Interval)
        {
            if (!file.Seek(target))
            {
                return false;
            }

            int end = Math.Min(target + SeekPlan.Reach, expected.Count);
            for (int i = target; i < end; i++)
            {
                if (!file.Grab() || !file.Retrieve(frame) || FingerprintOf(frame) != expected[i])
                {
                    return false;
                }
            }

            progress?.Report(FrameCount.DecodeShare + ((1 - FrameCount.DecodeShare) * end / expected.Count));
        }

        return expected.Count > SeekPlan.Interval;
    }
}
