using System.Numerics;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>The local-local contrast of each video by itself, where no matrix of similarities with other videos is there to use.</summary>
internal static class VideoLocals
{
    private const int VideosPerChunk = 16;

    /// <summary>Sums the terms over all videos and adds their gradient.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="layout">Where they lie.</param>
    /// <param name="videos">Number of videos.</param>
    /// <param name="problem">What is contrasted.</param>
    /// <returns>The sum of the terms, unweighted.</returns>
    public static double Sum(FusedInput clips, ClipRows layout, int videos, TimestepProblem problem)
        => clips.IsDouble ? Sum<double>(clips, layout, videos, problem) : Sum<float>(clips, layout, videos, problem);

    private static double Sum<T>(FusedInput clips, ClipRows layout, int videos, TimestepProblem problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = new VideoClips<T>.Source(clips, layout);
        int count = layout.Count, anchors = problem.Anchors * problem.Timesteps;
        double[] terms = new double[videos];
        Work.ForEachRow(
            videos,
            VideosPerChunk,
            () => (Clips: new VideoClips<T>(source), Contrast: new ContrastRow<double>(problem.Versions, problem.Timesteps), Similarities: new double[count * count]),
            (scratch, video) =>
            {
                scratch.Clips.Load(video);
                T[] rows = scratch.Clips.Rows, gradient = scratch.Clips.Gradient;
                var similarities = scratch.Similarities.AsSpan();
                SmallProducts.Similarities<T>(rows, rows, layout.Length, 1 / problem.Temperature, similarities);
                for (int anchor = 0; anchor < anchors; anchor++)
                {
                    terms[video] += scratch.Contrast.Apply(
                        similarities.Slice(anchor * count, count), anchor / problem.Timesteps, anchor % problem.Timesteps, problem.Weight, source.WantsGradient);
                }

                if (source.WantsGradient)
                {
                    similarities[(anchors * count)..].Clear();
                    SmallProducts.AddGradients<T>(similarities, rows, rows, layout.Length, 1 / problem.Temperature, gradient, gradient);
                    scratch.Clips.Store(video);
                }
            });
        return terms.Sum();
    }
}
