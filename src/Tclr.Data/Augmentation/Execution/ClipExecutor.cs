using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tclr.Data;

/// <summary>Augments a clip on the CPU.</summary>
internal static class ClipExecutor
{
    /// <summary>Makes a clip.</summary>
    /// <param name="source">Decoded frames.</param>
    /// <param name="positions">Which of them, in playing order.</param>
    /// <param name="parameters">The drawn parameters.</param>
    /// <param name="destination">Receives <c>[3, T, H, W]</c>.</param>
    public static void Run(FrameWindow source, ReadOnlySpan<int> positions, ClipParameters parameters, Span<float> destination)
    {
        var (height, width) = (parameters.Resize.Height, parameters.Resize.Width);
        int plane = positions.Length * height * width;
        if (positions.Length == 0 || destination.Length != 3 * plane)
        {
            throw new ArgumentException(
                $"expected one position or more and 3 * T * H * W elements for T = {positions.Length}, H = {height}, W = {width}, got {destination.Length}",
                nameof(destination));
        }

        var red = destination[..plane];
        var green = destination.Slice(plane, plane);
        var blue = destination[(2 * plane)..];
        if (parameters.Rounded)
        {
            RunPixels(source, positions, parameters, destination);
            if (parameters.ChangesColors)
            {
                var mean = new Vector3(Mean(red), Mean(green), Mean(blue));
                ApplyColors(ColorChange.Fold(parameters.Operations, 1, mean), red, green, blue);
            }
        }
        else
        {
            var mean = FloatResampler.Resample(source, positions, parameters.Resize.Box, height, width, destination) / byte.MaxValue;
            ApplyColors(ColorChange.Fold(parameters.Operations, 1f / byte.MaxValue, mean), red, green, blue);
        }
    }

    private static void RunPixels(FrameWindow source, ReadOnlySpan<int> positions, ClipParameters parameters, Span<float> destination)
    {
        var resize = parameters.Resize;
        using var clip = new PixelClip(positions.Length, resize.Height, resize.Width);
        using var resampler = IPixelResampler.Of(resize, source.Height, source.Width, parameters.Channels);
        PixelChange[] changes = [.. parameters.PixelChanges];

        // Alternates between runs of 8-bit changes and of changes of real levels; the latter are kept in the destination.
        for (int first = 0, stop; ; first = stop)
        {
            stop = StopOf(changes, first, change => change is RealChange);
            RunBytes(source, positions, clip, resampler, changes.AsSpan(first, stop - first), begun: first > 0);
            bool done = stop == changes.Length;
            for (int t = 0; t < clip.Count; t++)
            {
                Write(clip[t], t, clip.Count, destination, done);
            }

            if (done)
            {
                return;
            }

            int real = stop;
            stop = StopOf(changes, real, change => change is not RealChange);
            foreach (var change in changes.AsSpan(real, stop - real))
            {
                ((RealChange)change).ApplyReal(destination, clip.Count);
            }

            if (stop == changes.Length)
            {
                foreach (ref float level in destination)
                {
                    level /= byte.MaxValue;
                }

                return;
            }

            Truncate(destination, clip);
        }
    }

    private static int StopOf(PixelChange[] changes, int first, Predicate<PixelChange> condition)
    {
        int stop = Array.FindIndex(changes, first, condition);
        return stop < 0 ? changes.Length : stop;
    }

    // Frame by frame, so that a frame stays in the cache; a change that needs the whole clip comes after all frames.
    private static void RunBytes(FrameWindow source, ReadOnlySpan<int> positions, PixelClip clip, IPixelResampler resampler, ReadOnlySpan<PixelChange> changes, bool begun)
    {
        for (int first = 0; ; begun = true)
        {
            int stop = begun && first < changes.Length && changes[first].NeedsClip ? first + 1 : first;
            while (stop < changes.Length && !changes[stop].NeedsClip)
            {
                stop++;
            }

            for (int t = 0; t < clip.Count; t++)
            {
                var frame = clip[t];
                if (!begun)
                {
                    resampler.Run(source.Frame(positions[t]), frame);
                }

                foreach (var change in changes[first..stop])
                {
                    change.Apply(frame);
                }
            }

            if (stop == changes.Length)
            {
                return;
            }

            changes[stop].Measure(clip);
            first = stop;
        }
    }

    private static void Truncate(ReadOnlySpan<float> levels, PixelClip clip)
    {
        int area = clip.Height * clip.Width;
        for (int plane = 0; plane < clip.Count * 3; plane++)
        {
            var target = clip[plane % clip.Count][plane / clip.Count];
            var from = levels.Slice(plane * area, area);
            for (int i = 0; i < area; i++)
            {
                target[i] = (byte)from[i];
            }
        }
    }

    // From 0 to 1, or from 0 to 255.
    private static void Write(PixelFrame frame, int t, int count, Span<float> destination, bool shares)
    {
        for (int c = 0; c < 3; c++)
        {
            var target = destination.Slice(((c * count) + t) * frame.Area, frame.Area);
            ref byte from = ref MemoryMarshal.GetReference(frame[c]);
            ref float to = ref MemoryMarshal.GetReference(target);
            int i = 0;
            for (; i <= target.Length - PixelLanes.Count; i += PixelLanes.Count)
            {
                var levels = PixelLanes.LoadSingle(ref from, (nuint)i);
                (shares ? PixelLanes.Share(levels) : levels).StoreUnsafe(ref to, (nuint)i);
            }

            for (; i < target.Length; i++)
            {
                target[i] = shares ? frame[c][i] / 255f : frame[c][i];
            }
        }
    }

    private static float Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return (float)(sum / values.Length);
    }

    private static void ApplyColors(in Matrix4x4 m, Span<float> red, Span<float> green, Span<float> blue)
    {
        ref float r = ref MemoryMarshal.GetReference(red);
        ref float g = ref MemoryMarshal.GetReference(green);
        ref float b = ref MemoryMarshal.GetReference(blue);
        int i = 0;
        for (; i <= red.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            nuint at = (nuint)i;
            var x = Vector256.LoadUnsafe(ref r, at);
            var y = Vector256.LoadUnsafe(ref g, at);
            var z = Vector256.LoadUnsafe(ref b, at);
            ((x * m.M11) + (y * m.M21) + (z * m.M31) + Vector256.Create(m.M41)).StoreUnsafe(ref r, at);
            ((x * m.M12) + (y * m.M22) + (z * m.M32) + Vector256.Create(m.M42)).StoreUnsafe(ref g, at);
            ((x * m.M13) + (y * m.M23) + (z * m.M33) + Vector256.Create(m.M43)).StoreUnsafe(ref b, at);
        }

        for (; i < red.Length; i++)
        {
            float x = red[i], y = green[i], z = blue[i];
            red[i] = (x * m.M11) + (y * m.M21) + (z * m.M31) + m.M41;
            green[i] = (x * m.M12) + (y * m.M22) + (z * m.M32) + m.M42;
            blue[i] = (x * m.M13) + (y * m.M23) + (z * m.M33) + m.M43;
        }
    }
}
