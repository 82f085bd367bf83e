using System.Numerics;
using System.Numerics.Tensors;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>NT-Xent between all views of the same samples: by symmetric tiles where the range of the similarities allows it, else by panels of rows.</summary>
internal static class ViewContrast
{
    /// <summary>Sums the terms over all anchors and adds their gradient.</summary>
    /// <param name="views">The views <c>[V, N, D]</c>.</param>
    /// <param name="contrast">The contrast of the views.</param>
    /// <param name="timesteps">The contrast of the timesteps, whose similarities are in the same matrix; <see langword="null"/> for none.</param>
    /// <returns>The sums of the terms, unweighted.</returns>
    public static (double Views, double Timesteps) Sum(FusedInput views, Contrast contrast, Contrast? timesteps = null)
        => views.IsDouble ? Sum<double>(views, contrast, timesteps) : Sum<float>(views, contrast, timesteps);

    private static (double Views, double Timesteps) Sum<T>(FusedInput views, Contrast contrast, Contrast? timesteps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // No similarity is larger than the longest row's with itself. Without negatives the loss is exactly 0, see ContrastRow.
        double square = LongestSquare<T>(views), largest = square / contrast.Temperature, range = typeof(T) == typeof(float) ? 80 : 600;
        return contrast.Samples > 1 && 2 * largest <= range && 2 * square <= 600 * (timesteps?.Temperature ?? contrast.Temperature)
            ? new SymmetricTiles<T>(contrast, timesteps, largest, TileSizes.Default).Sum(views)
            : ViewPanels.Sum<T>(views, contrast, timesteps);
    }

    private static double LongestSquare<T>(FusedInput views)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var elements = new TensorElements<T>(views.Values);
        int length = (int)views.Values.shape[2];
        double longest = 0;
        for (long first = 0; first < elements.Count; first += length)
        {
            longest = Math.Max(longest, Number.Widen(TensorPrimitives.SumOfSquares<T>(elements.Slice(first, length))));
        }

        return longest;
    }
}
