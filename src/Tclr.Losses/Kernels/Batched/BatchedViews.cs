using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Batched;

/// <summary>NT-Xent between all pairs of views, for many independent groups at once, on operators of torch.</summary>
internal static class BatchedViews
{
    /// <summary>Stands for minus infinity, which less itself is NaN where nothing else is left (a single sample).</summary>
    private const double Masked = -1e30;

    /// <summary>The terms of every anchor against every other view.</summary>
    /// <param name="views">Views <c>[G, V, N, D]</c>: <c>G</c> groups of <c>V</c> views of <c>N</c> samples.</param>
    /// <param name="temperature">Divides the similarities.</param>
    /// <returns><c>[G, a, i, b]</c>: anchor <c>i</c> of view <c>a</c> against view <c>b</c>, 0 for its own view; in the caller's dispose scope together with all intermediates.</returns>
    public static Tensor Terms(Tensor views, double temperature)
    {
        var shape = views.shape;
        long g = shape[0], v = shape[1], n = shape[2], d = shape[3];

        // One matrix of all similarities, self masked: [G, V*N, V*N] seen as blocks of views [G, a, i, b, j].
        var rows = views.reshape(g, v * n, d);
        var similarities = (rows / temperature).bmm(rows.transpose(1, 2));
        similarities.diagonal(0, 1, 2).fill_(Masked);
        var blocks = similarities.view(g, v, n, v, n);

        // Anchor i of view a, paired with view b, is held against the rest of block a and all of block b.
        var other = blocks.logsumexp(4);                                            // [G, a, i, b]
        var own = other.diagonal(0, 1, 3).transpose(1, 2).unsqueeze(3).expand(g, v, n, v);
        var candidates = stack([own, other], 0).logsumexp(0);                       // [G, a, i, b]
        var positives = blocks.diagonal(0, 2, 4).transpose(2, 3);                   // [G, a, b, i] -> [G, a, i, b]

        var terms = candidates - positives;
        terms.diagonal(0, 1, 3).fill_(0);                                           // a view is no pair with itself
        return terms;
    }

    /// <summary>Mean of the terms of each group whose anchors are in the first views.</summary>
    /// <param name="views">Views <c>[G, V, N, D]</c>.</param>
    /// <param name="temperature">Divides the similarities.</param>
    /// <param name="anchors">How many views are anchors; all of them give the mean over the unordered pairs of NT-Xent.</param>
    /// <returns><c>[G]</c>, in the caller's dispose scope together with all intermediates.</returns>
    public static Tensor Mean(Tensor views, double temperature, long anchors)
    {
        var shape = views.shape;
        long g = shape[0], v = shape[1], n = shape[2];
        return Terms(views, temperature).narrow(1, 0, anchors).reshape(g, -1).sum(1) / (double)(anchors * (v - 1) * n);
    }
}
