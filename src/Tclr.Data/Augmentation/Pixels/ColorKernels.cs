using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tclr.Data;

/// <summary>Moves levels towards or away from others, in single precision as Pillow does.</summary>
internal static class Blend
{
    /// <summary><c>from + factor (x - from)</c>, cut off and clipped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(Span<byte> levels, float from, float factor)
    {
        ref byte x = ref MemoryMarshal.GetReference(levels);
        var middle = Vector256.Create(from);
        for (nuint i = 0; i < (nuint)levels.Length; i += PixelLanes.Count)
        {
            PixelLanes.StoreClipped(middle + ((PixelLanes.LoadSingle(ref x, i) - middle) * factor), ref x, i);
        }
    }

    /// <summary>Sum of levels.</summary>
    public static long Sum(ReadOnlySpan<byte> levels)
    {
        long sum = 0;
        ref byte x = ref MemoryMarshal.GetReference(levels);
        int i = 0;
        while (i <= levels.Length - PixelLanes.Count)
        {
            // Lanes hold 2^23 levels before they could overflow.
            int stop = Math.Min(levels.Length - PixelLanes.Count, i + (1 << 24));
            var lanes = Vector256<int>.Zero;
            for (; i <= stop; i += PixelLanes.Count)
            {
                lanes += PixelLanes.Load(ref x, (nuint)i);
            }

            sum += Vector256.Sum(Vector256.WidenLower(lanes) + Vector256.WidenUpper(lanes));
        }

        for (; i < levels.Length; i++)
        {
            sum += levels[i];
        }

        return sum;
    }
}

/// <inheritdoc cref="AdjustBrightness"/>
internal sealed class BrightnessKernel(float factor) : PixelKernel
{
    public override void Apply(PixelFrame frame) => Blend.Apply(frame.All, 0, factor);
}

/// <summary><see cref="AdjustContrast"/> around each frame's mean luma.</summary>
internal sealed class ContrastKernel(float factor) : PixelKernel
{
    public override void Apply(PixelFrame frame) => Blend.Apply(frame.All, Mean(frame), factor);

    private static int Mean(PixelFrame frame)
    {
        ref byte r = ref MemoryMarshal.GetReference(frame[0]), g = ref MemoryMarshal.GetReference(frame[1]), b = ref MemoryMarshal.GetReference(frame[2]);
        var lanes = Vector256<long>.Zero;
        int i = 0;
        for (; i <= frame.Area - PixelLanes.Count; i += PixelLanes.Count)
        {
            var luma = Luma(ref r, ref g, ref b, i);
            lanes += Vector256.WidenLower(luma) + Vector256.WidenUpper(luma);
        }

        long sum = Vector256.Sum(lanes);
        var rest = i < frame.Area ? Luma(ref r, ref g, ref b, i) : default;
        for (int k = 0; i + k < frame.Area; k++)
        {
            sum += rest[k];
        }

        return (int)(((double)sum / frame.Area) + 0.5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Luma(ref byte r, ref byte g, ref byte b, int at)
        => PixelLanes.Luma(PixelLanes.LoadSingle(ref r, (nuint)at), PixelLanes.LoadSingle(ref g, (nuint)at), PixelLanes.LoadSingle(ref b, (nuint)at));
}

/// <summary><see cref="AdjustContrast"/> around each channel's mean over the clip.</summary>
internal sealed class ClipContrastKernel(float factor) : PixelKernel
{
    private readonly float[] means = new float[3];

    public override bool NeedsClip => true;

    public override void Measure(PixelClip clip)
    {
        for (int c = 0; c < 3; c++)
        {
            long sum = 0;
            for (int t = 0; t < clip.Count; t++)
            {
                sum += Blend.Sum(clip[t][c][..clip[t].Area]);
            }

            means[c] = (float)((double)sum / ((long)clip.Count * clip.Height * clip.Width));
        }
    }

    public override void Apply(PixelFrame frame)
    {
        for (int c = 0; c < 3; c++)
        {
            Blend.Apply(frame[c], means[c], factor);
        }
    }
}

/// <inheritdoc cref="AdjustSaturation"/>
internal sealed class SaturationKernel(float factor) : PixelKernel
{
    public override void Apply(PixelFrame frame)
    {
        ref byte r = ref MemoryMarshal.GetReference(frame[0]), g = ref MemoryMarshal.GetReference(frame[1]), b = ref MemoryMarshal.GetReference(frame[2]);
        for (nuint i = 0; i < (nuint)frame.Area; i += PixelLanes.Count)
        {
            var red = PixelLanes.LoadSingle(ref r, i);
            var green = PixelLanes.LoadSingle(ref g, i);
            var blue = PixelLanes.LoadSingle(ref b, i);
            var luma = Vector256.ConvertToSingle(PixelLanes.Luma(red, green, blue));
            PixelLanes.StoreClipped(luma + ((red - luma) * factor), ref r, i);
            PixelLanes.StoreClipped(luma + ((green - luma) * factor), ref g, i);
            PixelLanes.StoreClipped(luma + ((blue - luma) * factor), ref b, i);
        }
    }
}

/// <inheritdoc cref="ToGray"/>
internal sealed class GrayKernel : PixelKernel
{
    public override void Apply(PixelFrame frame)
    {
        ref byte r = ref MemoryMarshal.GetReference(frame[0]), g = ref MemoryMarshal.GetReference(frame[1]), b = ref MemoryMarshal.GetReference(frame[2]);
        for (nuint i = 0; i < (nuint)frame.Area; i += PixelLanes.Count)
        {
            PixelLanes.Store(PixelLanes.Luma(PixelLanes.LoadSingle(ref r, i), PixelLanes.LoadSingle(ref g, i), PixelLanes.LoadSingle(ref b, i)), ref r, i);
        }

        frame[0].CopyTo(frame[1]);
        frame[0].CopyTo(frame[2]);
    }
}

/// <summary>A table of levels.</summary>
internal sealed class LevelsKernel(byte[] map) : PixelKernel
{
    public override void Apply(PixelFrame frame)
    {
        ref byte table = ref MemoryMarshal.GetArrayDataReference(map);
        foreach (ref byte level in frame.All)
        {
            level = Unsafe.Add(ref table, level);
        }
    }
}

/// <inheritdoc cref="DropChannel"/>
internal sealed class DropKernel(int channel) : PixelKernel
{
    public override void Apply(PixelFrame frame) => frame[channel].Clear();
}
