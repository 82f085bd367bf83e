using OpenCvSharp;

namespace Tclr.Data;

/// <summary>
/// Verifies that seeks in a video are exact. OpenCV computes the position from times and frame rates, which are right in
/// many files but not in all, so every target is tried and compared with a decode from the start.
/// </summary>
internal static class SeekProof
{
    /// <summary>Computes a fingerprint of a frame.</summary>
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
    /// <param name="progress">Reports the fraction done after each target; may be <see langword="null"/>.</param>
    /// <returns>Whether the frames after all targets are equal; <see langword="false"/> if there is no target.</returns>
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
