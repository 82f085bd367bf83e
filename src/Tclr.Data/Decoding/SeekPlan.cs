using System.Runtime.InteropServices;

namespace Tclr.Data;

/// <summary>
/// Where to seek to before which frames. Only every <see cref="Interval"/>-th frame is a target, and after a seek only
/// <see cref="Reach"/> frames are read: so much is compared by <see cref="SeekProof"/>, and nothing else is relied on.
/// </summary>
internal static class SeekPlan
{
    /// <summary>Frames from one target to the next.</summary>
    public const int Interval = 32;

    /// <summary>Frames that may be read after a seek: a window of 64 fits, wherever it begins.</summary>
    public const int Reach = 96;

    // A seek in the middle may go back by a group of pictures, of which 250 frames is a common length. One from the start
    // costs little more than decoding up to its target.
    private const int Gap = 256;

    /// <summary>Splits the needed frames into runs that are read without a seek inside.</summary>
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

    /// <summary>Needed frames that are read one after the other.</summary>
    /// <param name="Target">The frame to seek to before them; 0 for the start of the file.</param>
    /// <param name="Begin">Place of the first one.</param>
    /// <param name="End">Place behind the last one.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Run(int Target, int Begin, int End);
}
