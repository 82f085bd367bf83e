using System.Numerics;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>The local-local terms of an anchor, on the similarities with its own video that its row of views holds already.</summary>
/// <remarks>One object serves one thread.</remarks>
/// <param name="views">The contrast of the views, one for each version and timestep in this order.</param>
/// <param name="timesteps">The contrast of the timesteps.</param>
internal sealed class GatheredTimesteps<T>(ViewProblem views, TimestepProblem timesteps)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ContrastRow<double> contrast = new(timesteps.Versions, timesteps.Timesteps);
    private readonly double[] similarities = new double[views.Views];

    // The row is divided by the temperature of the views.
    private readonly double rescale = views.Temperature / timesteps.Temperature;

    /// <summary>Takes what is needed of a row before it is overwritten.</summary>
    public void Gather(ReadOnlySpan<T> row, int sample)
    {
        for (int view = 0; view < similarities.Length; view++)
        {
            similarities[view] = Number.Widen(row[(view * views.Samples) + sample]) * rescale;
        }
    }

    /// <summary>Gives the sum of the anchor's terms and adds their gradient to the row.</summary>
    public double Apply(Span<T> row, int view, int sample, bool gradient)
    {
        double terms = contrast.Apply(similarities, view / timesteps.Timesteps, view % timesteps.Timesteps, timesteps.Weight, gradient);
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
