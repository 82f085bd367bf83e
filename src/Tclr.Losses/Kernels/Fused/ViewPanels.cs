using System.Numerics;
using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>NT-Xent between all views of the same samples, by panels of rows of the similarity matrix: it is never held as a whole.</summary>
/// <remarks>
/// A panel of similarities is one matrix product; the pass over it leaves its own gradient in its place, from which two
/// more products give the gradient of the embeddings. So nothing is kept for a backward pass.
/// </remarks>
internal static class ViewPanels
{
    /// <summary>Elements of a panel: large enough for the matrix products, small enough for the last-level cache.</summary>
    private const long PanelElements = 1 << 21;

    /// <summary>Fewest rows of a panel where the matrix is larger: each panel adds to the whole gradient once.</summary>
    private const long PanelRows = 256;

    /// <summary>Elements below which a second thread does not pay.</summary>
    private const int ChunkElements = 1 << 15;

    /// <summary>Sums the terms over all anchors and adds their gradient.</summary>
    /// <param name="views">The views <c>[V, N, D]</c>.</param>
    /// <param name="problem">What is contrasted.</param>
    /// <param name="timesteps">The local-local terms that lie in the same matrix, or <see langword="null"/>.</param>
    /// <returns>The sums of the terms, unweighted.</returns>
    public static (double Views, double Timesteps) Sum(FusedInput views, ViewProblem problem, TimestepProblem? timesteps = null)
        => views.IsDouble ? Sum<double>(views, problem, timesteps) : Sum<float>(views, problem, timesteps);

    private static (double Views, double Timesteps) Sum<T>(FusedInput views, ViewProblem problem, TimestepProblem? timesteps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        var rows = views.Values.flatten(0, 1);                                      // [V * N, D]
        var gradient = views.Gradient?.flatten(0, 1);
        long length = (long)problem.Views * problem.Samples, anchors = (long)problem.Anchors * problem.Samples;
        var scaled = rows / problem.Temperature;
        var others = rows.t();
        var terms = (Views: new double[anchors], Timesteps: new double[anchors]);
        long step = Math.Clamp(PanelElements / length, Math.Min(PanelRows, anchors), anchors);
        for (long first = 0; first < anchors; first += step)
        {
            using var inner = NewDisposeScope();
            long count = Math.Min(step, anchors - first);
            var panelRows = scaled.narrow(0, first, count);
            var panel = panelRows.mm(others);                                       // [count, V * N]
            Pass<T>(panel, first, problem, timesteps, terms, gradient is not null);
            if (gradient is not null)
            {
                gradient.narrow(0, first, count).add_(panel.mm(scaled));
                gradient.add_(panel.t().mm(panelRows));
            }
        }

        return (terms.Views.Sum(), terms.Timesteps.Sum());
    }

    private static void Pass<T>(
        Tensor panel, long first, ViewProblem problem, TimestepProblem? timesteps, (double[] Views, double[] Timesteps) terms, bool gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = (int)panel.shape[0], length = (int)panel.shape[1];
        var elements = new TensorElements<T>(panel);
        Work.ForEachRow(
            count,
            Math.Clamp(ChunkElements / length, 1, count),
            () => (new ContrastRow<T>(problem.Views, problem.Samples), timesteps is null ? null : new GatheredTimesteps<T>(problem, timesteps)),
            (scratch, r) =>
            {
                var (contrast, local) = scratch;
                long anchor = first + r;
                int view = (int)(anchor / problem.Samples), sample = (int)(anchor % problem.Samples);
                var row = elements.Slice((long)r * length, length);
                local?.Gather(row, sample);
                terms.Views[anchor] = contrast.Apply(row, view, sample, problem.Weight, gradient);
                if (local is not null)
                {
                    terms.Timesteps[anchor] = local.Apply(row, view, sample, gradient);
                }
            });
    }
}
