using System.Runtime.CompilerServices;

namespace Tclr.Data;

/// <summary>Frame indices of clips, with different kinds of padding after the end of a video.</summary>
internal static class ClipFrames
{
    /// <summary>Equally spaced frames of a video that is played back and forth: 0, 1, .. F-1, F-2, .. 1, 0, 1, ..</summary>
    public static int[] PingPong(long start, int length, int stride, int frames)
    {
        long period = Math.Max(2 * (frames - 1L), 1);
        int[] clip = new int[length];
        for (int i = 0; i < length; i++)
        {
            long phase = (start + ((long)i * stride)) % period;
            clip[i] = (int)(phase < frames ? phase : period - phase);
        }

        return clip;
    }

    /// <summary>Equally spaced frames of a video that is played again and again: 0, 1, .. F-1, 0, 1, ..</summary>
    public static int[] Wrapped(long start, int length, int stride, int frames)
        => [.. Enumerable.Range(0, length).Select(i => (int)((start + ((long)i * stride)) % frames))];

    /// <summary>The padding of TCLR's authors: after the end of the video, the frames of the clip in reverse, without the last; more than half of them must exist.</summary>
    public static int[] Reflected(int start, int length, int stride, int frames)
    {
        int there = Math.Min(length, (frames - start + stride - 1) / stride);
        int[] clip = new int[length];
        for (int i = 0; i < length; i++)
        {
            clip[i] = start + (stride * (i < there ? i : (2 * (there - 1)) - i));
        }

        return clip;
    }

    /// <summary>Element <paramref name="index"/> of NumPy's <c>linspace</c> with <paramref name="count"/> elements, in its arithmetic, so that rounding down gives the same frames.</summary>
    public static double Spaced(int index, int count, double first, double last)
        => count == 1 ? first : index == count - 1 ? last : (index * ((last - first) / (count - 1))) + first;

    /// <summary>Frames from the start of a clip to the start of the next one side by side: <c>T stride</c>.</summary>
    public static long Span(int length, int stride) => (long)length * stride;

    public static void CheckLength(IClipSampler sampler, VideoInfo video, [CallerArgumentExpression(nameof(video))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(video, name);
        ArgumentOutOfRangeException.ThrowIfLessThan(video.Frames, sampler.MinimumFrames, name);
    }
}
