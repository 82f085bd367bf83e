namespace Tclr.Data;

/// <summary>Extends a short video by playing it backwards at its end, and forwards again, and so on.</summary>
internal static class PingPong
{
    /// <summary>Gives the frame shown at a position: 0, 1, .. F-1, F-2, .. 1, 0, 1, ..</summary>
    public static int Frame(int position, int frames)
    {
        if (frames == 1)
        {
            return 0;
        }

        int period = 2 * (frames - 1);
        int phase = position % period;
        return phase < frames ? phase : period - phase;
    }

    /// <summary>Gives the frames at equally spaced positions.</summary>
    public static int[] Clip(int start, int length, int stride, int frames)
    {
        int[] clip = new int[length];
        for (int i = 0; i < length; i++)
        {
            clip[i] = Frame(start + (i * stride), frames);
        }

        return clip;
    }
}
