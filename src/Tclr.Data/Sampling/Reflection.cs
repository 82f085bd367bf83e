namespace Tclr.Data;

/// <summary>Pads a clip at a video's end as TCLR's authors do: the clip's own frames once more, backwards, without the last.</summary>
internal static class Reflection
{
    /// <summary>Gives the frames of a clip; more than half of them must exist.</summary>
    public static int[] Clip(int start, int length, int stride, int frames)
    {
        int there = Math.Min(length, (frames - start + stride - 1) / stride);
        int[] clip = new int[length];
        for (int i = 0; i < length; i++)
        {
            clip[i] = start + (stride * (i < there ? i : (2 * (there - 1)) - i));
        }

        return clip;
    }
}
