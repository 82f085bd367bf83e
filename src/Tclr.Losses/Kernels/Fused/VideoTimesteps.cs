using System.Numerics;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>The global-local contrast: timesteps of the global clips matched with local clips, video by video.</summary>
internal static class VideoTimesteps
{
    private const int VideosPerChunk = 8;

    /// <summary>Sums the row and column cross-entropies over all combinations of versions and adds their gradient.</summary>
    /// <param name="slices">Timesteps of the global clips.</param>
    /// <param name="sliceRows">Where they lie.</param>
    /// <param name="locals">The local clips.</param>
    /// <param name="localRows">Where they lie.</param>
    /// <param name="videos">Number of videos.</param>
    /// <param name="temperature">Divides the similarities.</param>
    /// <param name="weight">What a cross-entropy weighs in the gradient.</param>
    /// <returns>The sum of all cross-entropies, unweighted.</returns>
    public static double Sum(FusedInput slices, ClipRows sliceRows, FusedInput locals, ClipRows localRows, int videos, double temperature, double weight)
        => slices.IsDouble
            ? Sum<double>(slices, sliceRows, locals, localRows, videos, temperature, weight)
            : Sum<float>(slices, sliceRows, locals, localRows, videos, temperature, weight);

    private static double Sum<T>(FusedInput slices, ClipRows sliceRows, FusedInput locals, ClipRows localRows, int videos, double temperature, double weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var left = new VideoClips<T>.Source(slices, sliceRows);
        var right = new VideoClips<T>.Source(locals, localRows);
        double[] terms = new double[videos];
        Work.ForEachRow(
            videos,
            VideosPerChunk,
            () => (
                Slices: new VideoClips<T>(left),
                Locals: new VideoClips<T>(right),
                Matching: new TimestepMatching(sliceRows.Versions, localRows.Versions, sliceRows.Timesteps),
                Similarities: new double[sliceRows.Count * localRows.Count]),
            (scratch, video) =>
            {
                scratch.Slices.Load(video);
                scratch.Locals.Load(video);
                SmallProducts.Similarities<T>(scratch.Slices.Rows, scratch.Locals.Rows, sliceRows.Length, 1 / temperature, scratch.Similarities);
                terms[video] = scratch.Matching.Apply(scratch.Similarities, weight);
                if (left.WantsGradient || right.WantsGradient)
                {
                    SmallProducts.AddGradients<T>(
                        scratch.Similarities, scratch.Slices.Rows, scratch.Locals.Rows, sliceRows.Length, 1 / temperature, scratch.Slices.Gradient, scratch.Locals.Gradient);
                    scratch.Slices.Store(video);
                    scratch.Locals.Store(video);
                }
            });
        return terms.Sum();
    }
}
