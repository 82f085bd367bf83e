namespace Tclr.Data;

/// <summary>Frame indices of clips, and what fills a clip beyond a video's end.</summary>
internal static class ClipFrames
{
    /// <summary>Equally spaced frames of a video that is played back and forth: 0, 1, .. F-1, F-2, .. 1, 0, 1, ..</summary>
    public static int[] PingPong(int start, int length, int stride, int frames)
    {
        int period = Math.Max(2 * (frames - 1), 1);
        int[] clip = new int[length];
        for (int i = 0; i < length; i++)
        {
            int phase = (start + (i * stride)) % period;
            clip[i] = phase < frames ? phase : period - phase;
        }

        return clip;
    }

    /// <summary>As TCLR's authors pad: beyond the video's end the clip's own frames once more, backwards, without the last; more than half of them must exist.</summary>
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

    /// <summary>Place <paramref name="index"/> of <paramref name="count"/> equally spaced ones as NumPy computes it, so that rounding down gives the same frames.</summary>
    public static double Spaced(int index, int count, double first, double last)
        => count == 1 ? first : index == count - 1 ? last : (index * ((last - first) / (count - 1))) + first;
}
