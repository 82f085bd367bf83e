using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>The weighted k-nearest-neighbor classifier: classifies videos by their most similar training videos, without training.</summary>
/// <remarks>
/// Each of the <c>k</c> most similar training videos votes for its class with the weight <c>exp(cos / T)</c>. Source: Wu et al.,
/// "Unsupervised feature learning via non-parametric instance discrimination" (2018), equation 7 with <c>k</c> = 200 and the temperature of the loss.
/// </remarks>
/// <example><code>
/// var result = KnnClassifier.Evaluate(test.Values, testLabels, train.Values, trainLabels, new KnnOptions { Temperature = 0.1 });
/// double accuracy = result.Accuracy;                       // 0 to 1
/// </code></example>
public static class KnnClassifier
{
    /// <summary>Computes the shares of the classes in the vote of some neighbors: <c>p_c = sum of exp(cos_i / T) over the neighbors of class c</c>, divided by the sum over all neighbors.</summary>
    /// <param name="similarities">Cosine of each neighbor, in [-1, 1]; one or more.</param>
    /// <param name="labels">Class of each neighbor, from 0.</param>
    /// <param name="classes">Number of classes, above every label.</param>
    /// <param name="temperature">The temperature <c>T</c>, greater than 0.</param>
    /// <returns>The share of each class; they sum to 1.</returns>
    /// <exception cref="ArgumentException">There is no neighbor, the numbers of similarities and labels differ, or a label or the temperature is out of its range.</exception>
    public static double[] Vote(ReadOnlySpan<float> similarities, ReadOnlySpan<int> labels, int classes, double temperature)
    {
        OptionChecker.ThrowIfNotPositive(temperature);
        if (similarities.Length == 0 || similarities.Length != labels.Length)
        {
            throw new ArgumentException(FormattableString.Invariant($"KnnClassifier: expected one neighbor or more, each with a label, got {similarities.Length} similarities and {labels.Length} labels"), nameof(labels));
        }

        // Relative to the largest, so that a low temperature does not overflow.
        double largest = double.NegativeInfinity, sum = 0;
        foreach (float similarity in similarities)
        {
            largest = Math.Max(largest, similarity);
        }

        double[] votes = new double[classes];
        for (int i = 0; i < labels.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(labels[i], nameof(labels));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(labels[i], classes, nameof(labels));
            double weight = Math.Exp((similarities[i] - largest) / temperature);
            votes[labels[i]] += weight;
            sum += weight;
        }

        return Array.ConvertAll(votes, vote => vote / sum);
    }

    /// <summary>Classifies features by their neighbors.</summary>
    /// <param name="queries">Features <c>[Q, D]</c> of the test videos; the caller keeps owning them.</param>
    /// <param name="queryLabels">Their <c>Q</c> classes, from 0.</param>
    /// <param name="gallery">Features <c>[G, D]</c> of the training videos on the same device; the caller keeps owning them.</param>
    /// <param name="galleryLabels">Their <c>G</c> classes, from 0.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Reports the completed fraction of the search, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels between two tiles.</param>
    /// <returns>Accuracy and predictions on the test videos. Of classes with equal votes, the first one ranks higher.</returns>
    /// <exception cref="ArgumentException">The features do not match <c>[Q, D]</c> and <c>[G, D]</c> of one type on one device, are not finite, the numbers of labels differ, a label is negative, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static ClassificationResult Evaluate(
        Tensor queries,
        IReadOnlyList<int> queryLabels,
        Tensor gallery,
        IReadOnlyList<int> galleryLabels,
        KnnOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new KnnOptions();
        OptionChecker.ThrowIfInvalid(options.Check, nameof(options));
        InputCheck.Finite(queries, "[Q,D]", nameof(KnnClassifier), nameof(queries));
        InputCheck.Finite(gallery, "[G,D]", nameof(KnnClassifier), nameof(gallery));
        TensorCheck.SameKind(queries, gallery, nameof(KnnClassifier));
        if (queries.shape[1] != gallery.shape[1])
        {
            throw new ArgumentException(FormattableString.Invariant($"KnnClassifier: expected queries and gallery with features of one length, got {queries.shape[1]} and {gallery.shape[1]}"), nameof(gallery));
        }

        InputCheck.Labels(queryLabels, queries.shape[0], nameof(KnnClassifier), nameof(queryLabels), int.MaxValue);
        InputCheck.Labels(galleryLabels, gallery.shape[0], nameof(KnnClassifier), nameof(galleryLabels), int.MaxValue);
        int classes = Math.Max(queryLabels.Max(), galleryLabels.Max()) + 1, neighbors = (int)Math.Min(options.Neighbors, gallery.shape[0]);
        var (items, similarities) = new NeighborSearch().Run(FeatureRows.Of(queries), FeatureRows.Of(gallery), neighbors, options.Centered, progress, cancellationToken);
        var predictions = new Predictions();
        int[] labels = Array.ConvertAll(items, item => galleryLabels[item]);
        for (int query = 0; query < queryLabels.Count; query++)
        {
            double[] votes = Vote(similarities.AsSpan(query * neighbors, neighbors), labels.AsSpan(query * neighbors, neighbors), classes, options.Temperature);
            using var scope = NewDisposeScope();
            predictions.Add(tensor(votes, [1, 1, classes], ScalarType.Float32), [queryLabels[query]]);
        }

        return predictions.Result([]);
    }
}

/// <summary>Settings of <see cref="KnnClassifier"/>.</summary>
public sealed record KnnOptions
{
    /// <summary>Number <c>k</c> of neighbors that vote; all training videos if there are fewer.</summary>
    /// <value>1 or more. The default value is 200.</value>
    public int Neighbors { get; init; } = 200;

    /// <summary>Temperature <c>T</c> of the votes, usually that of the pre-training loss.</summary>
    /// <value>Greater than 0. The default value is 0.1, as in TCLR and CVRL; DualVar uses 0.07.</value>
    public double Temperature { get; init; } = 0.1;

    /// <summary>Whether to subtract the mean of each set from its features before they are scaled to unit length.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Centered { get; init; }

    internal void Check(OptionChecker check)
    {
        check.AtLeast(Neighbors, 1);
        check.Positive(Temperature);
    }
}
