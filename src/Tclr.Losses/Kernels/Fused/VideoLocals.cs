using System.Numerics;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>The local-local contrast video by video, for where no matrix of similarities between videos is computed.</summary>
internal static class VideoLocals
{
    private const int VideosPerChunk = 16;

    /// <summary>Sums the terms over all videos and adds their gradient.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="layout">Their place in memory.</param>
    /// <param name="videos">Number of videos.</param>
    /// <param name="contrast">The contrast of the timesteps.</param>
    /// <returns>The sum of the terms, unweighted.</returns>
    public static double Sum(FusedInput clips, ClipRows layout, int videos, Contrast contrast)
        => clips.IsDouble ? Sum<double>(clips, layout, videos, contrast) : Sum<float>(clips, layout, videos, contrast);

    private static double Sum<T>(FusedInput clips, ClipRows layout, int videos, Contrast contrast)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = new VideoClips<T>.Source(clips, layout);
        int count = layout.Count, anchors = contrast.Anchors * contrast.Samples;
        double[] terms = new double[videos];
        Work.ForEachRow(
            videos,
            VideosPerChunk,
            () => (Clips: new VideoClips<T>(source), Row: new ContrastRow<double>(contrast.Views, contrast.Samples), Similarities: new double[count * count]),
            (scratch, video) =>
            {
                scratch.Clips.Load(video);
                T[] rows = scratch.Clips.Rows, gradient = scratch.Clips.Gradient;
                var similarities = scratch.Similarities.AsSpan();
                SmallProducts.Similarities<T>(rows, rows, layout.Length, contrast.Temperature, similarities);
                for (int anchor = 0; anchor < anchors; anchor++)
                {
                    terms[video] += scratch.Row.Apply(
                        similarities.Slice(anchor * count, count), anchor / contrast.Samples, anchor % contrast.Samples, contrast.Weight, source.WantsGradient);
                }

                if (source.WantsGradient)
                {
                    similarities[(anchors * count)..].Clear();
                    SmallProducts.AddGradients<T>(similarities, rows, rows, layout.Length, contrast.Temperature, gradient, gradient);
                    scratch.Clips.Store(video);
                }
            });
        return terms.Sum();
    }
}
