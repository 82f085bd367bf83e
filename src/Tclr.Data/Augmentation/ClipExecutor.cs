using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tclr.Data;

/// <summary>Carries out what has been drawn for a clip, on the processor.</summary>
internal static class ClipExecutor
{
    /// <summary>Makes a clip.</summary>
    /// <param name="source">Decoded frames.</param>
    /// <param name="positions">Which of them, in playing order.</param>
    /// <param name="parameters">What to do with them.</param>
    /// <param name="destination">Takes <c>[3, T, H, W]</c>.</param>
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
            if (parameters.Operations.Any(operation => operation is ColorOperation))
            {
                var mean = new Vector3(Mean(red), Mean(green), Mean(blue));
                ColorPass.Apply(ColorOperations.Fold(parameters.Operations, 1, mean), red, green, blue);
            }
        }
        else
        {
            var mean = ClipResampler.Resample(source, positions, parameters.Resize.Box, height, width, destination) / byte.MaxValue;
            ColorPass.Apply(ColorOperations.Fold(parameters.Operations, 1f / byte.MaxValue, mean), red, green, blue);
        }
    }

    private static void RunPixels(FrameWindow source, ReadOnlySpan<int> positions, ClipParameters parameters, Span<float> destination)
    {
        var resize = parameters.Resize;
        using var clip = new PixelClip(positions.Length, resize.Height, resize.Width);
        using var resampler = new PixelResampler(resize, source.Height, source.Width, parameters.Channels);
        PixelKernel[] kernels = [.. parameters.PixelOperations.Select(operation => PixelKernel.For(operation, resize.Height, resize.Width))];

        // Frame by frame, so that one stays in the nearest cache; a kernel that needs the whole clip waits for all frames.
        bool begun = false;
        for (int first = 0; ;)
        {
            int stop = Array.FindIndex(kernels, begun ? first + 1 : first, kernel => kernel.NeedsClip);
            stop = stop < 0 ? kernels.Length : stop;
            for (int t = 0; t < clip.Count; t++)
            {
                var frame = clip[t];
                if (!begun)
                {
                    resampler.Run(source.Frame(positions[t]), frame);
                }

                for (int k = first; k < stop; k++)
                {
                    kernels[k].Apply(frame);
                }

                if (stop == kernels.Length)
                {
                    Write(frame, t, clip.Count, destination);
                }
            }

            if (stop == kernels.Length)
            {
                return;
            }

            kernels[stop].Measure(clip);
            begun = true;
            first = stop;
        }
    }

    private static void Write(PixelFrame frame, int t, int count, Span<float> destination)
    {
        for (int c = 0; c < 3; c++)
        {
            var target = destination.Slice(((c * count) + t) * frame.Area, frame.Area);
            ref byte from = ref MemoryMarshal.GetReference(frame[c]);
            ref float to = ref MemoryMarshal.GetReference(target);
            int i = 0;
            for (; i <= target.Length - PixelLanes.Count; i += PixelLanes.Count)
            {
                PixelLanes.Share(PixelLanes.LoadSingle(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
            }

            for (; i < target.Length; i++)
            {
                target[i] = frame[c][i] / 255f;
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
}
