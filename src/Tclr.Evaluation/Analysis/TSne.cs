using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Exact t-SNE in two dimensions.</summary>
/// <remarks>
/// <para>
/// Time and memory grow with the square of the number of points: at 2,000 points a few seconds and 16 MB, at 10,000 minutes
/// and 400 MB. Only neighborhoods are meaningful; sizes of clusters and distances between them are not.
/// </para>
/// <para>
/// Sources: van der Maaten and Hinton, "Visualizing Data using t-SNE" (2008); initialization by principal components:
/// Kobak and Berens (2019); learning rate: Belkina et al. (2019).
/// </para>
/// </remarks>
/// <example><code>
/// var points = TSne.Project(features.Values, new TSneOptions { Seed = 7 }, cancellationToken: cancellationToken);
/// var plot = ScatterPlot.Of("t-SNE of the test videos", points, labels, classes);
/// </code></example>
public static class TSne
{
    /// <summary>Maximum number of points; their affinities take 400 MB.</summary>
    public const int MostPoints = 10_000;

    private const int ProgressEvery = 10;

    /// <summary>Computes the map.</summary>
    /// <param name="features">Features <c>[N, C]</c>, compared by Euclidean distance, <c>N</c> 4 to 10,000; the caller keeps owning them.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Reports the number of iterations done, every ten iterations.</param>
    /// <param name="cancellationToken">Cancels between two iterations.</param>
    /// <returns>A point for each feature, with mean 0. The result is reproducible on the same machine, with any number of threads.</returns>
    /// <exception cref="ArgumentException">The features are not finite <c>[N, C]</c>, or too few or too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static IReadOnlyList<(double X, double Y)> Project(
        Tensor features, TSneOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        InputCheck.Finite(features, "[N,C]", nameof(TSne), nameof(features));
        int count = (int)Math.Min(features.shape[0], int.MaxValue);
        if (count is < 4 or > MostPoints)
        {
            throw new ArgumentException(FormattableString.Invariant($"TSne: expected 4 to {MostPoints} features, got {count}: use a sample of them"), nameof(features));
        }

        options ??= new TSneOptions();
        OptionChecker.ThrowIfInvalid(check => options.Check(check, count), nameof(options));
        float[] affinities = TSneAffinities.Of(features, options.PerplexityFor(count), cancellationToken);
        var layout = new TSneLayout(affinities, Start(features, options.Seed, cancellationToken), options);
        for (int iteration = 0; iteration < options.Iterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            layout.Step(iteration);
            if ((iteration + 1) % ProgressEvery == 0)
            {
                progress?.Report(iteration + 1);
            }
        }

        return layout.Points;
    }

    /// <summary>The first two principal components, scaled down, with noise that separates equal points.</summary>
    private static (double X, double Y)[] Start(Tensor features, ulong seed, CancellationToken cancellationToken)
    {
        var components = Pca.Project(features, (int)Math.Min(2, features.shape[1]), cancellationToken).Points;
        double deviation = Math.Sqrt(components.Average(point => point.X * point.X)), scale = deviation > 0 ? 1e-4 / deviation : 0;
        var random = CounterRandom.For(seed);
        return [.. components.Select(point => ((point.X * scale) + (1e-6 * random.NextGaussian()), (point.Y * scale) + (1e-6 * random.NextGaussian())))];
    }
}
