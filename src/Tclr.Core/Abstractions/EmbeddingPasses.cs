using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>
/// Runs a batch through the networks in passes and combines their embeddings. Each pass has its own batch-normalization
/// statistics, so the passes affect the result and not only the memory.
/// </summary>
/// <param name="clips">All clips <c>[views, B, C, T, H, W]</c>.</param>
/// <param name="layout">How the views are arranged.</param>
/// <param name="plan">The views of each pass.</param>
/// <param name="headPerTimestep">Whether each timestep of a global clip goes through the head by itself.</param>
/// <param name="orders">The order of the segments of each shuffled view.</param>
internal sealed class EmbeddingPasses(Tensor clips, ViewLayout layout, PassPlan plan, bool headPerTimestep, IReadOnlyList<SegmentOrder> orders)
{
    /// <summary>The passes of a branch, each split into groups of videos.</summary>
    /// <param name="momentum">Whether those of the momentum encoder.</param>
    /// <param name="videosPerPass">Maximum number of videos in a pass; <see langword="null"/> for all.</param>
    public IReadOnlyList<EmbeddingPass> Of(bool momentum, int? videosPerPass)
    {
        long videos = clips.shape[1], most = Math.Min(videosPerPass ?? videos, videos);
        return
        [
            .. from views in plan.Passes
               where views.Momentum == momentum
               from first in Enumerable.Range(0, (int)((videos + most - 1) / most)).Select(chunk => chunk * most)
               select new EmbeddingPass(views, first, Math.Min(most, videos - first)),
        ];
    }

    /// <summary>Runs one pass.</summary>
    /// <returns>The embeddings; the caller owns them.</returns>
    public PassEmbeddings Run(Branch branch, EmbeddingPass pass)
    {
        using var scope = NewDisposeScope();
        long views = pass.Views.Views.Count, n = pass.VideoCount, t = layout.LocalClips;
        var rows = branch.Device is { } device ? HostTransfer.ToDevice(Rows(pass), device) : Rows(pass);
        var features = branch.Encoder.Encode(branch.Type is { } type ? rows.to(type) : rows);     // [views * n, C, T']
        if (features.dtype is ScalarType.BFloat16 or ScalarType.Float16)
        {
            features = features.to(ScalarType.Float32);
        }

        var pooled = features.mean([2]);                                                          // [views * n, C]
        int globals = t == 0 ? 0 : pass.Views.Views.Count(view => view < layout.GlobalViews);        // the first of the pass
        Tensor? slices = null;
        var heads = new List<KeyValuePair<string, Tensor>>();
        foreach (var (name, head) in branch.Heads.Where(head => pass.Views.Sees(head.Key)))
        {
            Tensor whole;
            if (globals > 0 && string.Equals(name, PassPlan.MainHead, StringComparison.Ordinal))
            {
                CheckTimesteps(features, clips.shape[3], t);
                (whole, slices) = WithTimesteps(head, pooled, features.view(views, n, features.shape[1], t), globals);
            }
            else
            {
                whole = head.Project(pooled);
            }

            heads.Add(new(name, InOrder(whole.view([views, n, .. whole.shape[1..]]), pass).MoveToOuterDisposeScope()));
        }

        return new PassEmbeddings(heads, slices?.MoveToOuterDisposeScope());
    }

    /// <summary>Combines the embeddings of all passes of a branch.</summary>
    public TemporalEmbeddings Join(IReadOnlyList<EmbeddingPass> passes, IReadOnlyList<PassEmbeddings> embeddings, TemporalEmbeddings? keys = null)
    {
        using var scope = NewDisposeScope();
        var further = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (string head in embeddings.SelectMany(pass => pass.Heads).Select(head => head.Key).Distinct(StringComparer.Ordinal).Where(head => !string.Equals(head, PassPlan.MainHead, StringComparison.Ordinal)))
        {
            further.Add(head, Together(pass => pass.Of(head))!.alias().MoveToOuterDisposeScope());
        }

        var whole = Together(pass => pass.Of(PassPlan.MainHead));                                 // [views, B, D]
        long v = layout.GlobalViews, t = layout.LocalClips;
        if (t == 0 || whole is null)
        {
            return new TemporalEmbeddings((whole ?? empty(0)).alias().MoveToOuterDisposeScope(), null, null) { Heads = further, Keys = keys };
        }

        long b = whole.shape[1];
        return new TemporalEmbeddings(
            whole.narrow(0, 0, v).alias().MoveToOuterDisposeScope(),
            Together(pass => pass.Slices)!.alias().MoveToOuterDisposeScope(),                     // [V, B, T, D]
            whole.narrow(0, v, v * t).view(v, t, b, -1).transpose(1, 2).MoveToOuterDisposeScope())
        {
            Heads = further,
            Keys = keys,
        };

        // Passes over the same views are concatenated along the videos, others along the views.
        Tensor? Together(Func<PassEmbeddings, Tensor?> part)
        {
            var groups = passes.Zip(embeddings, (pass, result) => (pass.Views, Part: part(result)))
                .Where(entry => entry.Part is not null)
                .GroupBy(entry => entry.Views, entry => entry.Part!, ReferenceEqualityComparer.Instance)
                .Select(group => (((ViewPass)group.Key!).Views, Rows: Along(1, [.. group])))
                .ToList();
            if (groups.Count == 0)
            {
                return null;
            }

            var joined = Along(0, [.. groups.Select(group => group.Rows)]);
            int[] numbers = [.. groups.SelectMany(group => group.Views.Take((int)group.Rows.shape[0]))];
            return numbers.Zip(numbers.Skip(1)).All(pair => pair.First < pair.Second)
                ? joined
                : joined.index_select(0, HostTransfer.ToDevice(tensor(Enumerable.Range(0, numbers.Length).OrderBy(i => numbers[i]).Select(i => (long)i).ToArray()), joined.device));
        }

        static Tensor Along(long dimension, IReadOnlyList<Tensor> parts) => parts.Count == 1 ? parts[0] : cat([.. parts], dimension);
    }

    // The clips of a pass [views * n, C, T, H, W], without a copy for whole views or videos of a single view.
    private Tensor Rows(EmbeddingPass pass)
    {
        var views = pass.Views.Views;
        long[] shape = clips.shape;
        bool inRow = views.Zip(views.Skip(1)).All(pair => pair.Second == pair.First + 1) && views[^1] < layout.Count;
        if (inRow)
        {
            return clips.narrow(0, views[0], views.Count).narrow(1, pass.FirstVideo, pass.VideoCount).reshape([views.Count * pass.VideoCount, .. shape[2..]]);
        }

        return cat([.. views.Select(View)], 0);

        Tensor View(int view)
        {
            var shuffled = view < layout.Count ? null : plan.ShuffledViews[view - layout.Count];
            var rows = clips.select(0, shuffled?.View ?? view).narrow(0, pass.FirstVideo, pass.VideoCount);
            return shuffled is null ? rows : orders[view - layout.Count].Shuffle(rows, pass.FirstVideo);
        }
    }

    // Whole clips [views * n, D] and the timesteps of the global ones [globals, n, T, D].
    private (Tensor Whole, Tensor Slices) WithTimesteps(IProjectionHead head, Tensor pooled, Tensor features, int globals)
    {
        long n = features.shape[1], t = features.shape[3];
        var slices = features.narrow(0, 0, globals).reshape(globals * n, -1, t);       // [globals * n, C, T]
        if (headPerTimestep)
        {
            var whole = head.Project(pooled);
            var steps = Enumerable.Range(0, (int)t).Select(step => head.Project(slices.select(2, step))).ToList();
            return (whole, stack(steps, 1).view(globals, n, t, -1));
        }

        var all = head.Project(cat([pooled, slices.permute(0, 2, 1).reshape(globals * n * t, -1)], 0));
        return (all.narrow(0, 0, pooled.shape[0]), all.narrow(0, pooled.shape[0], globals * n * t).view(globals, n, t, -1));
    }

    // The segments of shuffled views, back in the order of the clip.
    private Tensor InOrder(Tensor embeddings, EmbeddingPass pass)
    {
        var views = pass.Views.Views;
        if (embeddings.dim() != 4 || views.All(view => view < layout.Count))
        {
            return embeddings;
        }

        return stack([.. views.Index().Select(view => Of(embeddings.select(0, view.Index), view.Item))], 0);

        Tensor Of(Tensor segments, int view) => view < layout.Count ? segments : orders[view - layout.Count].Restore(segments, pass.FirstVideo);
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
