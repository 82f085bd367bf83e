using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>
/// The passes in which a batch goes through encoder and head, and how their embeddings are put together. Each pass has its own
/// statistics in batch normalization, so the passes and not the memory say what is computed.
/// </summary>
internal static class EmbeddingPasses
{
    /// <summary>Splits a batch: by view if each has statistics of its own, and by so many videos at a time.</summary>
    public static IReadOnlyList<EmbeddingPass> Plan(ViewLayout layout, long videos, BatchNormScope statistics, int? videosPerPass)
    {
        long most = Math.Min(videosPerPass ?? videos, videos);
        var groups = statistics == BatchNormScope.PerView
            ? Enumerable.Range(0, layout.Count).Select(view => (First: view, Count: 1))
            : [(First: 0, layout.Count)];
        return
        [
            .. from views in groups
               from first in Enumerable.Range(0, (int)((videos + most - 1) / most)).Select(chunk => chunk * most)
               select new EmbeddingPass(views.First, views.Count, first, Math.Min(most, videos - first)),
        ];
    }

    /// <summary>Runs one pass.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="head">The head.</param>
    /// <param name="clips">All clips <c>[views, B, C, T, H, W]</c>.</param>
    /// <param name="layout">How the views are arranged.</param>
    /// <param name="statistics">Whether each timestep of a global clip goes through the head alone.</param>
    /// <param name="pass">Which views of which videos.</param>
    /// <param name="type">Type of the encoder's weights, where it is not that of the clips.</param>
    /// <returns>Whole clips <c>[views, n, D]</c> and the timesteps of the global ones <c>[globals, n, T, D]</c>; the caller owns them.</returns>
    public static PassEmbeddings Run(
        IVideoEncoder encoder, IProjectionHead head, Tensor clips, ViewLayout layout, BatchNormScope statistics, EmbeddingPass pass, ScalarType? type = null)
    {
        using var scope = NewDisposeScope();
        long[] shape = clips.shape;
        long views = pass.ViewCount, n = pass.VideoCount, t = layout.LocalClips;
        long globals = Math.Clamp(layout.GlobalViews - pass.FirstView, 0, views);

        // No copy where a pass holds whole views, or videos of a single one.
        var rows = clips.narrow(0, pass.FirstView, views).narrow(1, pass.FirstVideo, n)
            .reshape(views * n, shape[2], shape[3], shape[4], shape[5]);
        var features = encoder.Encode(type is { } other ? rows.to(other) : rows);          // [views * n, C, T']
        if (features.dtype is ScalarType.BFloat16 or ScalarType.Float16)
        {
            features = features.to(ScalarType.Float32);
        }

        var pooled = features.mean([2]);                                                    // [views * n, C]
        if (t == 0 || globals == 0)
        {
            return new PassEmbeddings(head.Project(pooled).view(views, n, -1).MoveToOuterDisposeScope(), null);
        }

        CheckTimesteps(features, shape[3], t);
        var slices = features.narrow(0, 0, globals * n);                                    // [globals * n, C, T]
        if (statistics == BatchNormScope.PerView)
        {
            var whole = head.Project(pooled).view(views, n, -1);
            var steps = new List<Tensor>();
            for (int step = 0; step < t; step++)
            {
                steps.Add(head.Project(slices.select(2, step)));                            // [n, D]
            }

            return new PassEmbeddings(whole.MoveToOuterDisposeScope(), stack(steps, 1).view(globals, n, t, -1).MoveToOuterDisposeScope());
        }

        var all = head.Project(cat([pooled, slices.permute(0, 2, 1).reshape(globals * n * t, features.shape[1])], 0));
        return new PassEmbeddings(
            all.narrow(0, 0, views * n).view(views, n, -1).MoveToOuterDisposeScope(),
            all.narrow(0, views * n, globals * n * t).view(globals, n, t, -1).MoveToOuterDisposeScope());
    }

    /// <summary>Puts the embeddings of all passes together.</summary>
    public static TemporalEmbeddings Join(IReadOnlyList<EmbeddingPass> passes, IReadOnlyList<PassEmbeddings> embeddings, ViewLayout layout)
    {
        using var scope = NewDisposeScope();
        long v = layout.GlobalViews, t = layout.LocalClips;
        var whole = Together(pass => pass.Whole)!;                                          // [views, B, D]
        var global = whole.narrow(0, 0, v).alias().MoveToOuterDisposeScope();
        if (t == 0)
        {
            return new TemporalEmbeddings(global, null, null);
        }

        long b = whole.shape[1];
        return new TemporalEmbeddings(
            global,
            Together(pass => pass.Slices)!.alias().MoveToOuterDisposeScope(),               // [V, B, T, D]
            whole.narrow(0, v, v * t).view(v, t, b, -1).transpose(1, 2).MoveToOuterDisposeScope());

        // Passes over the same views lie along the videos, those of other views along the views.
        Tensor Together(Func<PassEmbeddings, Tensor?> part)
        {
            var groups = passes.Zip(embeddings, (pass, result) => (pass.FirstView, Part: part(result)))
                .Where(entry => entry.Part is not null)
                .GroupBy(entry => entry.FirstView, entry => entry.Part!)
                .Select(group => Along(1, [.. group]))
                .ToList();
            return Along(0, groups);
        }

        static Tensor Along(long dimension, IReadOnlyList<Tensor> parts) => parts.Count == 1 ? parts[0] : cat([.. parts], dimension);
    }

    private static void CheckTimesteps(Tensor features, long frames, long locals)
    {
        long slices = features.shape[2];
        if (slices != locals)
        {
            throw new ArgumentException(
                $"the encoder keeps {slices} timesteps of a clip of {frames} frames, but there are {locals} local clips: choose a clip length of {frames * locals / Math.Max(slices, 1)} frames or {slices} local clips",
                nameof(features));
        }
    }
}
