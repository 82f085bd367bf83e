using System.Numerics.Tensors;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>The local-local terms of all videos at once, from the similarities between clips of the same video.</summary>
/// <param name="views">The contrast of the views: every global view and timestep is one, in this order.</param>
/// <param name="timesteps">The contrast of the timesteps.</param>
/// <param name="largest">The largest similarity that is possible between the views.</param>
internal sealed class LocalTimesteps(Contrast views, Contrast timesteps, double largest)
{
    private readonly int videos = views.Samples;
    private readonly int size = views.Views * views.Samples;

    // The similarities are divided by the temperature of the views.
    private readonly double rescale = views.Temperature / timesteps.Temperature;

    /// <summary>Computes the terms and adds their gradient.</summary>
    /// <param name="similarities">The similarities <c>[view, row]</c> of each row with the same video's clip in another view.</param>
    /// <param name="gradient">Takes the gradient of these similarities and of their mirror images.</param>
    /// <returns>The sum of the terms, unweighted.</returns>
    public double Apply(ReadOnlySpan<double> similarities, Span<double> gradient)
    {
        int clips = views.Views, steps = timesteps.Samples, anchors = timesteps.Anchors * steps;
        double[] exponentials = new double[similarities.Length];
        TensorPrimitives.Multiply(similarities, rescale, exponentials);
        TensorPrimitives.Subtract(exponentials, largest * rescale, exponentials);
        TensorPrimitives.Exp<double>(exponentials, exponentials);

        // The sums of an anchor's exponentials over a global view, and the factors made of them, as [anchor, global view, video].
        double[] factors = new double[anchors * timesteps.Views * videos];
        double[] candidates = new double[videos], logs = new double[videos];
        double total = 0;
        for (int a = 0; a < anchors; a++)
        {
            int view = a / steps;
            for (int b = 0; b < clips; b++)
            {
                if (b != a)
                {
                    var sum = factors.AsSpan(((a * timesteps.Views) + (b / steps)) * videos, videos);
                    TensorPrimitives.Add<double>(sum, exponentials.AsSpan(Place(a, b), videos), sum);
                }
            }

            var own = factors.AsSpan(((a * timesteps.Views) + view) * videos, videos);
            var shared = new double[videos].AsSpan();
            for (int other = 0; other < timesteps.Views; other++)
            {
                if (other == view)
                {
                    continue;
                }

                var factor = factors.AsSpan(((a * timesteps.Views) + other) * videos, videos);
                int positive = (other * steps) + (a % steps);
                TensorPrimitives.Add<double>(own, factor, candidates);
                TensorPrimitives.Log<double>(candidates, logs);
                total += TensorPrimitives.Sum<double>(logs) + (videos * largest * rescale) - (TensorPrimitives.Sum<double>(similarities.Slice(Place(a, positive), videos)) * rescale);
                TensorPrimitives.Divide(timesteps.Weight * rescale, candidates, factor);
                TensorPrimitives.Add<double>(shared, factor, shared);
                Add(gradient, a, positive, -timesteps.Weight * rescale);
            }

            shared.CopyTo(own);
        }

        for (int a = 0; a < anchors; a++)
        {
            for (int b = 0; b < clips; b++)
            {
                if (b != a)
                {
                    var slope = candidates.AsSpan();
                    TensorPrimitives.Multiply<double>(exponentials.AsSpan(Place(a, b), videos), factors.AsSpan(((a * timesteps.Views) + (b / steps)) * videos, videos), slope);
                    var one = gradient.Slice(Place(a, b), videos);
                    var two = gradient.Slice(Place(b, a), videos);
                    TensorPrimitives.Add<double>(one, slope, one);
                    TensorPrimitives.Add<double>(two, slope, two);
                }
            }
        }

        return total;
    }

    private int Place(int row, int column) => (column * size) + (row * videos);

    private void Add(Span<double> gradient, int a, int b, double value)
    {
        var one = gradient.Slice(Place(a, b), videos);
        var two = gradient.Slice(Place(b, a), videos);
        TensorPrimitives.Add(one, value, one);
        TensorPrimitives.Add(two, value, two);
    }
}
