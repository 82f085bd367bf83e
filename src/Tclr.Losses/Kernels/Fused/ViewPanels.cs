using System.Numerics;
using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>NT-Xent between all views of the same samples for similarities of any range, by panels of rows of their matrix, which is never held as a whole.</summary>
/// <remarks>
/// A panel of similarities is one matrix product. The pass over it replaces the similarities by their gradient, from which
/// two more products give the gradient of the embeddings. Nothing is kept for a backward pass.
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
    /// <param name="contrast">The contrast of the views.</param>
    /// <param name="timesteps">The contrast of the timesteps, whose similarities are in the same matrix; <see langword="null"/> for none.</param>
    /// <returns>The sums of the terms, unweighted.</returns>
    public static (double Views, double Timesteps) Sum<T>(FusedInput views, Contrast contrast, Contrast? timesteps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        var rows = views.Values.flatten(0, 1);                                      // [V * N, D]
        var gradient = views.Gradient?.flatten(0, 1);
        long length = (long)contrast.Views * contrast.Samples, anchors = (long)contrast.Anchors * contrast.Samples;
        var scaled = rows / contrast.Temperature;
        var others = rows.t();
        var terms = (Views: new double[anchors], Timesteps: new double[anchors]);
        long step = Math.Clamp(PanelElements / length, Math.Min(PanelRows, anchors), anchors);
        for (long first = 0; first < anchors; first += step)
        {
            using var inner = NewDisposeScope();
            long count = Math.Min(step, anchors - first);
            var panelRows = scaled.narrow(0, first, count);
            var panel = panelRows.mm(others);                                       // [count, V * N]
            Pass<T>(panel, first, contrast, timesteps, terms, gradient is not null);
            if (gradient is not null)
            {
                gradient.narrow(0, first, count).add_(panel.mm(scaled));
                gradient.add_(panel.t().mm(panelRows));
            }
        }

        return (terms.Views.Sum(), terms.Timesteps.Sum());
    }

    private static void Pass<T>(
        Tensor panel, long first, Contrast contrast, Contrast? timesteps, (double[] Views, double[] Timesteps) terms, bool gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = (int)panel.shape[0], length = (int)panel.shape[1];
        var elements = new TensorElements<T>(panel);
        Work.ForEachRow(
            count,
            Math.Clamp(ChunkElements / length, 1, count),
            () => (Contrast: new ContrastRow<T>(contrast.Views, contrast.Samples), Local: timesteps is null ? null : new GatheredTimesteps<T>(contrast, timesteps)),
            (scratch, r) =>
            {
                long anchor = first + r;
                int view = (int)(anchor / contrast.Samples), sample = (int)(anchor % contrast.Samples);
                var row = elements.Slice((long)r * length, length);
                scratch.Local?.Gather(row, sample);
                terms.Views[anchor] = scratch.Contrast.Apply(row, view, sample, contrast.Weight, gradient);
                if (scratch.Local is { } local)
                {
                    terms.Timesteps[anchor] = local.Apply(row, view, sample, gradient);
                }
            });
    }
}

/// <summary>The local-local terms of an anchor, computed from the similarities with its own video in its row of the matrix.</summary>
/// <remarks>One object serves one thread.</remarks>
/// <param name="views">The contrast of the views: every global view and timestep is one, in this order.</param>
/// <param name="timesteps">The contrast of the timesteps.</param>
internal sealed class GatheredTimesteps<T>(Contrast views, Contrast timesteps)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ContrastRow<double> contrast = new(timesteps.Views, timesteps.Samples);
    private readonly double[] similarities = new double[views.Views];

    // The row is divided by the temperature of the views.
    private readonly double rescale = views.Temperature / timesteps.Temperature;

    /// <summary>Copies the similarities out of a row before it is overwritten.</summary>
    public void Gather(ReadOnlySpan<T> row, int sample)
    {
        for (int view = 0; view < similarities.Length; view++)
        {
            similarities[view] = Number.Widen(row[(view * views.Samples) + sample]) * rescale;
        }
    }

    /// <summary>Adds the gradient of the anchor's terms to the row.</summary>
    /// <returns>The sum of the terms.</returns>
    public double Apply(Span<T> row, int view, int sample, bool gradient)
    {
        double terms = contrast.Apply(similarities, view / timesteps.Samples, view % timesteps.Samples, timesteps.Weight, gradient);
        if (gradient)
        {
            for (int other = 0; other < similarities.Length; other++)
            {
                row[(other * views.Samples) + sample] += Number.Narrow<T>(similarities[other] * rescale);
            }
        }

        return terms;
    }
}
