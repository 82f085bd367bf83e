using static TorchSharp.torch;

namespace Tclr.Losses.Kernels;

/// <summary>Matching of timesteps between global slices and local clips, for all combinations of versions at once.</summary>
internal static class TimestepContrast
{
    /// <summary>The global-local loss, summed over the combinations of a version of the slices and one of the local clips.</summary>
    /// <param name="slices">Timesteps of global clips <c>[V, B, T, D]</c>.</param>
    /// <param name="locals">Local clips <c>[W, B, T, D]</c>.</param>
    /// <param name="temperature">Divides the similarities.</param>
    /// <returns>Row and column cross-entropies, summed and divided by <c>2B</c>; in the caller's dispose scope together with all intermediates.</returns>
    public static Tensor SumOverVersions(Tensor slices, Tensor locals, double temperature)
    {
        var shape = slices.shape;
        long v = shape[0], b = shape[1], t = shape[2], d = shape[3], w = locals.shape[0];
        var rows = Precision.AtLeastSingle(slices).transpose(0, 1).reshape(b, v * t, d);
        var columns = Precision.AtLeastSingle(locals).transpose(0, 1).reshape(b, w * t, d);
        var similarities = (rows / temperature).bmm(columns.transpose(1, 2)).view(b, v, t, w, t);

        var alongColumns = similarities.logsumexp(4).transpose(2, 3);               // [B, v, t, w] -> [B, v, w, t]
        var alongRows = similarities.logsumexp(2);                                  // [B, v, w, t]
        var matches = similarities.diagonal(0, 2, 4);                               // [B, v, w, t]
        return ((alongColumns - matches) + (alongRows - matches)).sum() / (2.0 * b);
    }
}
