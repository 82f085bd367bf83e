using System.Numerics;
using static TorchSharp.torch;

namespace Tclr.Data;

/// <summary>
/// Carries out what has been drawn for a whole batch as tensor operations, for a GPU. With 8-bit steps all but blur give
/// the bytes of the processor's executor; blur can differ by one level where it rounds, real numbers by 1e-5.
/// </summary>
/// <example><code>
/// var clips = plan.Views.Select((_, view) => new DrawnClip(plan.PositionsOf(view), augmentation.Draw(240, 320, ref random))).ToList();
/// using var batch = TensorAugmentation.Apply([window], [clips], CUDA);
/// </code></example>
public static class TensorAugmentation
{
    /// <summary>Makes the clips of a batch.</summary>
    /// <param name="windows">For each of <c>B</c> samples its decoded frames, 8-bit RGB <c>[T', H', W', 3]</c>; lengths and sizes may differ.</param>
    /// <param name="clips">For each sample its <c>V</c> clips; all of one length and size.</param>
    /// <param name="device">Where to compute; the processor if <see langword="null"/>.</param>
    /// <returns>Clips <c>[B, V, 3, T, H, W]</c> on the device, single precision; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The numbers of windows and samples, or numbers, lengths or sizes of clips differ; or a window is no 8-bit RGB.</exception>
    public static Tensor Apply(IReadOnlyList<Tensor> windows, IReadOnlyList<IReadOnlyList<DrawnClip>> clips, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentNullException.ThrowIfNull(clips);
        Check(windows, clips);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        device ??= CPU;
        var all = clips.SelectMany(sample => sample).ToList();
        var values = stack(windows.Zip(clips).SelectMany(pair => Resampled(pair.First, pair.Second, device)));
        for (int step = 0; step < all.Max(clip => clip.Parameters.PixelOperations.Count()); step++)
        {
            Step(values, all, step, device);
        }

        var result = Colored(values, all, device).transpose(1, 2).contiguous();
        var resize = all[0].Parameters.Resize;
        return result.reshape(windows.Count, clips[0].Count, 3, all[0].Positions.Count, resize.Height, resize.Width).MoveToOuterDisposeScope();
    }

    private static void Check(IReadOnlyList<Tensor> windows, IReadOnlyList<IReadOnlyList<DrawnClip>> clips)
    {
        if (windows.Count == 0 || windows.Count != clips.Count || clips[0].Count == 0 || clips.Any(sample => sample.Count != clips[0].Count))
        {
            throw new ArgumentException($"expected as many windows as samples and as many clips, one or more, for each; got {windows.Count} windows and [{string.Join(", ", clips.Select(sample => sample.Count))}] clips", nameof(clips));
        }

        if (windows.FirstOrDefault(window => window.dtype != ScalarType.Byte || window.ndim != 4 || window.shape[3] != 3) is { } wrong)
        {
            throw new ArgumentException($"expected windows of 8-bit RGB [T, H, W, 3], got {wrong}", nameof(windows));
        }

        var sizes = clips.SelectMany(sample => sample).Select(clip => (clip.Positions.Count, clip.Parameters.Resize.Height, clip.Parameters.Resize.Width)).Distinct().ToList();
        if (sizes.Count != 1 || sizes[0].Count == 0)
        {
            throw new ArgumentException($"expected clips of one length and size, got (T, H, W) [{string.Join(", ", sizes)}]", nameof(clips));
        }
    }

    // Levels [T, 3, H, W] of each clip.
    private static List<Tensor> Resampled(Tensor window, IReadOnlyList<DrawnClip> clips, Device device)
    {
        var pixels = window.to(device);
        return [.. clips.Select(clip => TensorResampler.Run(pixels, clip.Positions, clip.Parameters, device))];
    }

    // Carries out the n-th operation of each clip; clips with the same kind of operation together.
    private static void Step(Tensor values, List<DrawnClip> clips, int step, Device device)
    {
        var kinds = clips
            .Select((clip, index) => (Operation: clip.Parameters.PixelOperations.ElementAtOrDefault(step), Index: (long)index))
            .Where(pair => pair.Operation is not null)
            .GroupBy(pair => (pair.Operation!.GetType(), (pair.Operation as AdjustContrast)?.Mean));
        foreach (var kind in kinds)
        {
            using var scope = NewDisposeScope();
            var places = tensor(kind.Select(pair => pair.Index).ToArray(), device: device);
            PixelOperation[] operations = [.. kind.Select(pair => pair.Operation!)];
            values.index_copy_(0, places, TensorKernels.Apply(operations, values.index_select(0, places), device));
        }
    }

    // Levels to real numbers, and one affine change of colour per clip.
    private static Tensor Colored(Tensor levels, List<DrawnClip> clips, Device device)
    {
        if (!clips.Exists(clip => clip.Parameters.Operations.Any(operation => operation is ColorOperation)))
        {
            return TensorKernels.Divided(levels, 255);
        }

        float[] means = new float[clips.Count * 3];
        if (clips.Exists(clip => clip.Parameters.Operations.Any(operation => operation is SpreadAroundMean)))
        {
            using var data = (levels.mean([1, 3, 4], type: ScalarType.Float64) / 255).to(ScalarType.Float32).cpu().data<float>();
            data.CopyTo(means);
        }

        float[] matrices = new float[clips.Count * 9], constants = new float[clips.Count * 3];
        for (int i = 0; i < clips.Count; i++)
        {
            var m = ColorOperations.Fold(clips[i].Parameters.Operations, 1f / 255, new Vector3(means.AsSpan(i * 3, 3)));
            for (int c = 0; c < 3; c++)
            {
                constants[(i * 3) + c] = m[3, c];
                for (int k = 0; k < 3; k++)
                {
                    matrices[(((i * 3) + c) * 3) + k] = m[k, c];
                }
            }
        }

        // One channel at a time: sums of three products.
        var matrix = tensor(matrices, [clips.Count, 3, 3, 1, 1, 1], device: device);
        var constant = tensor(constants, [clips.Count, 3, 1, 1, 1], device: device);
        return stack(Enumerable.Range(0, 3).Select(c =>
        {
            var row = matrix.select(1, c);
            var sum = constant.select(1, c);
            for (int k = 0; k < 3; k++)
            {
                sum = sum + (levels.select(2, k) * row.select(1, k));
            }

            return sum;
        }), dim: 2);
    }
}
