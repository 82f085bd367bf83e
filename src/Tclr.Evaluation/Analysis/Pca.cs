using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Features along their principal components (principal component analysis).</summary>
/// <example><code>
/// var map = Pca.Project(features.Values);
/// var plot = ScatterPlot.Of("PCA", map.Points, labels, classes);
/// </code></example>
/// <param name="Scores">Coordinates <c>[N, dimensions]</c>, centered; the largest of each component is positive.</param>
/// <param name="Explained">The fraction of the variance along each component, descending; 0 if the features do not vary.</param>
public sealed record Pca(double[,] Scores, IReadOnlyList<double> Explained)
{
    /// <summary>The first two coordinates, for a scatter plot; the second is 0 if there is only one.</summary>
    public IReadOnlyList<(double X, double Y)> Points =>
        [.. Enumerable.Range(0, Scores.GetLength(0)).Select(i => (Scores[i, 0], Scores.GetLength(1) > 1 ? Scores[i, 1] : 0))];

    /// <summary>Projects features onto their first principal components.</summary>
    /// <param name="features">Features <c>[N, C]</c>, <c>N</c> 2 or more; the caller keeps owning them.</param>
    /// <param name="dimensions">Number of components, 1 to the smaller of <c>N</c> and <c>C</c>.</param>
    /// <param name="cancellationToken">Cancels before the decomposition.</param>
    /// <returns>The coordinates. Deterministic; components that explain nearly the same variance are determined only up to a rotation.</returns>
    /// <exception cref="ArgumentException">The features are not finite <c>[N, C]</c>, <c>N</c> is 1, or the number of components is out of its range.</exception>
    public static Pca Project(Tensor features, int dimensions = 2, CancellationToken cancellationToken = default)
    {
        InputCheck.Finite(features, "[N,C]", nameof(Pca), nameof(features));
        long rows = features.shape[0], columns = features.shape[1];
        if (rows < 2)
        {
            throw new ArgumentException("Pca: expected 2 features or more, got 1", nameof(features));
        }

        OptionChecker.ThrowIfInvalid(check => check.Between(dimensions, 1, Math.Min(rows, columns)), nameof(dimensions));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var values = features.to(ScalarType.Float64).cpu();
        var centered = values - values.mean([0], keepdim: true);
        double total = (centered * centered).sum().item<double>();

        // Both products have the same eigenvalues; use the smaller one.
        bool wide = columns > rows;
        var product = wide ? centered.mm(centered.t()) : centered.t().mm(centered);
        cancellationToken.ThrowIfCancellationRequested();
        var (ascending, directions) = linalg.eigh(product);
        double[] variances = [.. ascending.data<double>().ToArray().Reverse().Take(dimensions)];
        var leading = directions.narrow(1, directions.shape[1] - dimensions, dimensions).flip(1).contiguous();
        double[,] scores = ToMatrix(wide ? leading : centered.mm(leading));
        for (int component = 0; component < dimensions; component++)
        {
            Orient(scores, component, wide ? Math.Sqrt(Math.Max(0, variances[component])) : 1);
        }

        return new Pca(scores, [.. variances.Select(variance => total > 0 ? Math.Max(0, variance) / total : 0)]);
    }

    /// <summary>Copies a tensor to a matrix.</summary>
    internal static double[,] ToMatrix(Tensor values)
    {
        using var scope = NewDisposeScope();
        double[] flat = values.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        var matrix = new double[values.shape[0], values.shape[1]];
        Buffer.BlockCopy(flat, 0, matrix, 0, flat.Length * sizeof(double));
        return matrix;
    }

    /// <summary>Scales a component, and chooses its sign so that the farthest point is positive.</summary>
    private static void Orient(double[,] scores, int component, double factor)
    {
        double farthest = 0;
        for (int i = 0; i < scores.GetLength(0); i++)
        {
            farthest = Math.Abs(scores[i, component]) > Math.Abs(farthest) ? scores[i, component] : farthest;
        }

        for (int i = 0; i < scores.GetLength(0); i++)
        {
            scores[i, component] *= farthest < 0 ? -factor : factor;
        }
    }
}
