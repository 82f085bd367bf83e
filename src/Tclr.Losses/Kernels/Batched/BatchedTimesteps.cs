using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Batched;

/// <summary>Matching of timesteps between global slices and local clips, for all combinations of versions at once, on operators of torch.</summary>
internal static class BatchedTimesteps
{
    /// <summary>Row and column cross-entropies of each video, summed over the combinations of a version of the slices and one of the local clips.</summary>
    /// <param name="slices">Timesteps of global clips <c>[V, B, T, D]</c>.</param>
    /// <param name="locals">Local clips <c>[W, B, T, D]</c>.</param>
    /// <param name="temperature">Divides the similarities.</param>
    /// <returns><c>[B]</c>, in the caller's dispose scope together with all intermediates.</returns>
    public static Tensor Sum(Tensor slices, Tensor locals, double temperature)
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
