using System.Numerics;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Data;

/// <summary>
/// Augments a whole batch as tensor operations on a device. The bytes equal those of <see cref="ClipExecutor"/>, except that
/// a blur can differ by one level; real numbers agree to 1e-5.
/// </summary>
internal static class TensorExecutor
{
    /// <summary>Makes the clips of a batch.</summary>
    /// <param name="windows">For each of <c>B</c> samples its decoded frames, 8-bit RGB <c>[T', H', W', 3]</c>; lengths and sizes may differ.</param>
    /// <param name="clips">For each sample its <c>V</c> clips; all of one length and size.</param>
    /// <param name="device">The device.</param>
    /// <returns>Clips <c>[V, B, 3, T, H, W]</c> on the device, single precision; the caller owns them.</returns>
    public static Tensor Run(IReadOnlyList<Tensor> windows, IReadOnlyList<DrawnClip[]> clips, Device device)
    {
        using var scope = NewDisposeScope();
        using var held = TorchRuntime.HoldFinalizers();
        using var noGrad = no_grad();
        int views = clips[0].Length;
        List<ClipParameters> drawn = [.. Enumerable.Range(0, views).SelectMany(view => clips.Select(sample => sample[view].Parameters))];
        var (size, length) = (drawn[0].Resize, clips[0][0].Positions.Length);
        var levels = empty([drawn.Count, length, 3, size.Height, size.Width], device: device);
        for (int sample = 0; sample < windows.Count; sample++)
        {
            using var one = NewDisposeScope();
            var pixels = HostTransfer.ToDevice(windows[sample], device);
            for (int view = 0; view < views; view++)
            {
                levels.select(0, (view * windows.Count) + sample).copy_(TensorResampler.Run(pixels, clips[sample][view], device));
            }
        }

        for (int step = 0; step < drawn.Max(clip => clip.PixelChanges.Count()); step++)
        {
            Change(levels, drawn, step, device);
        }

        return Colored(levels, drawn, device).transpose(1, 2).contiguous()
            .reshape(views, windows.Count, 3, length, size.Height, size.Width).MoveToOuterDisposeScope();
    }

    /// <summary>Applies changes to clips <c>[N, T, 3, H, W]</c> on the CPU, for changes without tensor operations.</summary>
    public static Tensor OnProcessor(Tensor levels, IReadOnlyList<PixelChange> changes)
    {
        long[] shape = levels.shape;
        int area = (int)(shape[3] * shape[4]);
        byte[] bytes = HostTransfer.ToHost(levels.to(ScalarType.Byte)).data<byte>().ToArray();
        using var clip = new PixelClip((int)shape[1], (int)shape[3], (int)shape[4]);
        foreach (var (n, change) in changes.Index())
        {
            Copy(n, (plane, pixels) => plane.CopyTo(pixels));
            if (change.NeedsClip)
            {
                change.Measure(clip);
            }

            for (int t = 0; t < clip.Count; t++)
            {
                change.Apply(clip[t]);
            }

            Copy(n, (plane, pixels) => pixels.CopyTo(plane));
        }

        return HostTransfer.Upload(tensor(bytes, shape, ScalarType.Byte), levels.device).to(ScalarType.Float32);

        void Copy(int n, Action<Span<byte>, Span<byte>> copy)
        {
            for (int plane = 0; plane < clip.Count * 3; plane++)
            {
                copy(bytes.AsSpan(((n * clip.Count * 3) + plane) * area, area), clip[plane / 3][plane % 3]);
            }
        }
    }

    // Applies the n-th change of each clip; clips with the same kind of change together.
    private static void Change(Tensor levels, List<ClipParameters> clips, int step, Device device)
    {
        var kinds = clips
            .Select((clip, index) => (Change: clip.PixelChanges.ElementAtOrDefault(step), Index: (long)index))
            .Where(pair => pair.Change is not null)
            .GroupBy(pair => pair.Change!.Kind);
        foreach (var kind in kinds)
        {
            using var scope = NewDisposeScope();
            PixelChange[] changes = [.. kind.Select(pair => pair.Change!)];
            var places = HostTransfer.Upload(tensor(kind.Select(pair => pair.Index).ToArray()), device);
            var input = levels.index_select(0, places);
            if (changes[0] is not RealChange && clips.Exists(clip => clip.PixelChanges.Any(change => change is RealChange)))
            {
                // The result of a change of real levels.
                input = TensorLevels.Truncated(input);
            }

            levels.index_copy_(0, places, changes[0].ApplyToTensor(input, changes));
        }
    }

    // Levels to real numbers, and one affine change of color per clip.
    private static Tensor Colored(Tensor levels, List<ClipParameters> clips, Device device)
    {
        if (!clips.Exists(clip => clip.ChangesColors))
        {
            return TensorLevels.Divided(levels, 255);
        }

        var (matrices, constants) = Colors(levels, clips, device);

        // One channel at a time: sums of three products.
        var matrix = matrices.view(clips.Count, 3, 3, 1, 1, 1);
        var constant = constants.view(clips.Count, 3, 1, 1, 1);
        return stack(Enumerable.Range(0, 3).Select(c =>
        {
            var sum = constant.select(1, c);
            for (int k = 0; k < 3; k++)
            {
                sum = sum + (levels.select(2, k) * matrix.select(1, c).select(1, k));
            }

            return sum;
        }), dim: 2);
    }

    // The color changes of each clip, folded: what the channels add to each channel [N, 3, 3], and constants [N, 3].
    private static (Tensor Matrices, Tensor Constants) Colors(Tensor levels, List<ClipParameters> clips, Device device)
    {
        var changes = clips.SelectMany(clip => clip.Operations.OfType<ColorChange>()).ToList();
        if (changes.TrueForAll(change => !change.UsesMean))
        {
            return Uploaded(_ => Vector3.Zero);
        }

        var means = levels.mean([1, 3, 4], type: ScalarType.Float64) / 255;                          // [N, 3]
        if (changes.Exists(change => !change.IsAffineInMean))
        {
            double[] values = HostTransfer.Read(means);
            return Uploaded(i => new Vector3((float)values[i * 3], (float)values[(i * 3) + 1], (float)values[(i * 3) + 2]));
        }

        // Of a fold whose constants are affine in the mean, those at 0 and at each unit vector tell all others.
        var (matrices, atZero) = Uploaded(_ => Vector3.Zero);
        var constants = atZero;
        foreach (var (channel, unit) in new[] { Vector3.UnitX, Vector3.UnitY, Vector3.UnitZ }.Index())
        {
            constants = constants + ((Uploaded(_ => unit).Constants - atZero) * means.narrow(1, channel, 1));
        }

        return (matrices, constants.to(ScalarType.Float32));

        (Tensor Matrices, Tensor Constants) Uploaded(Func<int, Vector3> meanOf)
        {
            float[] rows = new float[clips.Count * 12];
            for (int i = 0; i < clips.Count; i++)
            {
                var m = ColorChange.Fold(clips[i].Operations, 1f / 255, meanOf(i));
                for (int c = 0; c < 3; c++)
                {
                    for (int k = 0; k < 4; k++)
                    {
                        rows[(((i * 3) + c) * 4) + k] = m[k, c];
                    }
                }
            }

            var all = HostTransfer.Upload(tensor(rows, [clips.Count, 3, 4]), device);
            return (all.narrow(2, 0, 3), all.select(2, 3));
        }
    }
}

/// <summary>One clip to make.</summary>
/// <param name="Positions">Frames of the window, in playing order.</param>
/// <param name="Parameters">The drawn parameters.</param>
internal sealed record DrawnClip(int[] Positions, ClipParameters Parameters);
