using System.Runtime.InteropServices;

namespace Tclr.Data;

/// <summary>
/// Plans the seeks for a set of frames. Only every <see cref="Interval"/>-th frame is a target, and at most
/// <see cref="Reach"/> frames are read after a seek: <see cref="SeekProof"/> verifies exactly these.
/// </summary>
internal static class SeekPlan
{
    /// <summary>Frames from one target to the next.</summary>
    public const int Interval = 32;

    /// <summary>Maximum number of frames read after a seek. A window of 64 frames fits at any start.</summary>
    public const int Reach = 96;

    // A seek may decode a whole group of pictures, often 250 frames. A target near the start is reached about as fast by
    // decoding from the start.
    private const int Gap = 256;

    /// <summary>Splits the needed frames into runs that are read without a seek.</summary>
    /// <param name="frames">The frames, ascending.</param>
    /// <param name="exact">Whether seeks may be used at all.</param>
    /// <returns>The runs in order; together they hold all frames.</returns>
    public static IReadOnlyList<Run> Of(ReadOnlySpan<int> frames, bool exact)
    {
        Run[] whole = [new Run(0, 0, frames.Length)];
        if (!exact)
        {
            return whole;
        }

        var runs = new List<Run>();
        for (int begin = 0, end; begin < frames.Length; begin = end)
        {
            end = begin + 1;
            while (end < frames.Length && frames[end] - frames[end - 1] <= Gap)
            {
                end++;
            }

            int target = frames[begin] / Interval * Interval;
            if (target > 0 && frames[end - 1] >= target + Reach)
            {
                return whole;
            }

            runs.Add(new Run(target, begin, end));
        }

        return runs;
    }

    /// <summary>A run of needed frames that are read sequentially.</summary>
    /// <param name="Target">The frame to seek to before them; 0 for the start of the file.</param>
    /// <param name="Begin">Position of the first one.</param>
    /// <param name="End">Position after the last one.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Run(int Target, int Begin, int End);
}
