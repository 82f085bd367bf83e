using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Batched;

/// <summary>The contrasts of the functions, on operators of torch that are recorded for backward. Results and intermediates stay in the caller's dispose scope.</summary>
internal static class BatchedContrast
{
    // In place of minus infinity, which minus itself is NaN where nothing else is left (a single sample).
    private const double Masked = -1e30;

    /// <summary>NT-Xent of every anchor against every other view, for many independent groups at once.</summary>
    /// <param name="views">Views <c>[G, V, N, D]</c>: <c>G</c> groups of <c>V</c> views of <c>N</c> samples.</param>
    /// <param name="temperature">The similarities are divided by it.</param>
    /// <returns><c>[G, a, i, b]</c>: anchor <c>i</c> of view <c>a</c> against view <c>b</c>, 0 for its own view.</returns>
    public static Tensor Terms(Tensor views, double temperature) => Terms(views, temperature, 0, views.shape[2]);

    /// <summary>The terms of some of the anchors, with all rows as candidates.</summary>
    /// <param name="views">Views <c>[G, V, N, D]</c>.</param>
    /// <param name="temperature">The similarities are divided by it.</param>
    /// <param name="first">The first sample of each view that is an anchor.</param>
    /// <param name="count">How many are.</param>
    /// <returns><c>[G, a, i, b]</c>, <c>i</c> counted from the first.</returns>
    public static Tensor Terms(Tensor views, double temperature, long first, long count)
    {
        var shape = views.shape;
        long g = shape[0], v = shape[1], n = shape[2], d = shape[3];

        // One matrix of all similarities, self masked: [G, V*N, V*N] seen as blocks of views [G, a, i, b, j].
        var rows = views.reshape(g, v * n, d);
        var anchors = count == n ? rows : views.narrow(2, first, count).reshape(g, v * count, d);
        var similarities = (anchors / temperature).bmm(rows.transpose(1, 2));
        var selves = count == n ? similarities.diagonal(0, 1, 2) : similarities.view(g, v, count, v, n).diagonal(0, 1, 3).diagonal(first, 1, 2);
        selves.fill_(Masked);
        var blocks = similarities.view(g, v, count, v, n);

        // Anchor i of view a, paired with view b, is held against the rest of block a and all of block b.
        var other = blocks.logsumexp(4);                                            // [G, a, i, b]
        var own = other.diagonal(0, 1, 3).transpose(1, 2).unsqueeze(3).expand(g, v, count, v);
        var candidates = stack([own, other], 0).logsumexp(0);                       // [G, a, i, b]
        var positives = blocks.narrow(4, first, count).diagonal(0, 2, 4).transpose(2, 3);   // [G, a, b, i] -> [G, a, i, b]

        var terms = candidates - positives;
        terms.diagonal(0, 1, 3).fill_(0);                                           // a view is no pair with itself
        return terms;
    }

    /// <summary>The mean of each group's terms, NT-Xent over the unordered pairs of views.</summary>
    /// <param name="views">Views <c>[G, V, N, D]</c>.</param>
    /// <param name="temperature">The similarities are divided by it.</param>
    /// <returns><c>[G]</c>.</returns>
    public static Tensor Mean(Tensor views, double temperature)
    {
        var shape = views.shape;
        long g = shape[0], v = shape[1], n = shape[2];
        return Terms(views, temperature).reshape(g, -1).sum(1) / (double)(v * (v - 1) * n);
    }

    /// <summary>Row and column cross-entropies of each video, summed over the combinations of a global view and a view of local clips.</summary>
    /// <param name="slices">Timesteps of global clips <c>[V, B, T, D]</c>.</param>
    /// <param name="locals">Local clips <c>[W, B, T, D]</c>.</param>
    /// <param name="temperature">The similarities are divided by it.</param>
    /// <returns><c>[B]</c>.</returns>
    public static Tensor Matching(Tensor slices, Tensor locals, double temperature)
    {
        var shape = slices.shape;
        long v = shape[0], b = shape[1], t = shape[2], d = shape[3], w = locals.shape[0];
        var rows = slices.transpose(0, 1).reshape(b, v * t, d);
        var columns = locals.transpose(0, 1).reshape(b, w * t, d);
        var similarities = (rows / temperature).bmm(columns.transpose(1, 2)).view(b, v, t, w, t);

        var alongRows = similarities.logsumexp(4).transpose(2, 3);                  // [B, v, t, w] -> [B, v, w, t]
        var alongColumns = similarities.logsumexp(2);                               // [B, v, w, t]
        var matches = similarities.diagonal(0, 2, 4);                               // [B, v, w, t]
        return (alongRows + alongColumns - (matches * 2)).reshape(b, -1).sum(1);
    }
}
