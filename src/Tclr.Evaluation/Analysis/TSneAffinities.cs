using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>The symmetric neighbor probabilities of <see cref="TSne"/>.</summary>
internal static class TSneAffinities
{
    private const int SearchSteps = 64;
    private const int Tile = 256;

    /// <summary>Computes affinities <c>[N, N]</c> with sum 1.</summary>
    public static float[] Of(Tensor features, double perplexity, CancellationToken cancellationToken)
    {
        int count = (int)features.shape[0];
        float[] affinities = new float[count * count];
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var values = features.to(ScalarType.Float64).cpu();

        // Centered, because distances computed from norms and products are more accurate near the origin.
        values -= values.mean([0], keepdim: true);
        var norms = (values * values).sum(1);
        for (int start = 0; start < count; start += Tile)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var tileScope = NewDisposeScope();
            int rows = Math.Min(Tile, count - start), first = start;
            var products = values.narrow(0, start, rows).mm(values.t());
            double[] distances = (norms.narrow(0, start, rows).unsqueeze(1) - (2 * products) + norms.unsqueeze(0)).contiguous().data<double>().ToArray();
            Parallel.For(0, rows, row => Row(distances.AsSpan(row * count, count), first + row, perplexity, affinities.AsSpan((first + row) * count, count)));
        }

        Symmetrize(affinities, count);
        return affinities;
    }

    /// <summary>Computes the probabilities of one point by a search for the width that gives the perplexity.</summary>
    private static void Row(Span<double> distances, int self, double perplexity, Span<float> result)
    {
        distances[self] = double.PositiveInfinity;
        double nearest = double.PositiveInfinity, mean = 0;
        foreach (double distance in distances)
        {
            nearest = Math.Min(nearest, distance);
        }

        // Relative to the nearest point, whose weight is then 1, so that not all weights underflow.
        for (int j = 0; j < distances.Length; j++)
        {
            distances[j] -= nearest;
            mean += j == self ? 0 : distances[j] / (distances.Length - 1);
        }

        double target = Math.Log(perplexity), precision = mean > 0 ? 1 / mean : 1, low = 0, high = double.PositiveInfinity;
        for (int step = 0; step < SearchSteps; step++)
        {
            double entropy = Entropy(distances, precision);
            if (entropy > target)
            {
                low = precision;
                precision = double.IsInfinity(high) ? precision * 2 : (low + high) / 2;
            }
            else
            {
                high = precision;
                precision = (low + high) / 2;
            }
        }

        double sum = 0;
        foreach (double distance in distances)
        {
            sum += Math.Exp(-precision * distance);
        }

        for (int j = 0; j < distances.Length; j++)
        {
            result[j] = (float)(Math.Exp(-precision * distances[j]) / sum);
        }
    }

    private static double Entropy(ReadOnlySpan<double> distances, double precision)
    {
        double sum = 0, weighted = 0;
        foreach (double distance in distances)
        {
            double weight = Math.Exp(-precision * distance);
            sum += weight;
            weighted += weight > 0 ? weight * distance : 0;
        }

        return Math.Log(sum) + (precision * weighted / sum);
    }

    private static void Symmetrize(float[] affinities, int count)
    {
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                float mean = (affinities[(i * count) + j] + affinities[(j * count) + i]) / (2 * count);
                affinities[(i * count) + j] = mean;
                affinities[(j * count) + i] = mean;
            }
        }
    }
}
