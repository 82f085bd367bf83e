using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Accuracy and recall by the number of clips for each video.</summary>
/// <remarks>
/// For each <c>k</c> from 1 to <c>K</c>, <c>k</c> evenly spaced clips of the <c>K</c> clips of a video are averaged.
/// Source: the clips-per-video study of Dave et al., "TCLR" (2022).
/// </remarks>
/// <example><code>
/// IReadOnlyList&lt;double&gt; recalls = ClipCurves.Recall(queries, queryLabels, gallery, galleryLabels);   // [Q, 10, C] and [G, 10, C]
/// </code></example>
public static class ClipCurves
{
    /// <summary>Computes the accuracy of the class with the highest mean probability.</summary>
    /// <param name="probabilities">Class probabilities (or scores) of each clip, <c>[N, K, classes]</c>; the caller keeps owning them.</param>
    /// <param name="labels">Labels of the <c>N</c> videos, 0 to classes - 1.</param>
    /// <returns>Accuracies for 1 to <c>K</c> clips, 0 to 1.</returns>
    /// <exception cref="ArgumentException">The probabilities are not finite <c>[N, K, classes]</c>, or the labels do not match.</exception>
    public static IReadOnlyList<double> Accuracy(Tensor probabilities, IReadOnlyList<int> labels)
    {
        InputCheck.Finite(probabilities, "[N,K,classes]", nameof(ClipCurves), nameof(probabilities));
        InputCheck.Labels(labels, probabilities.shape[0], nameof(ClipCurves), nameof(labels), (int)probabilities.shape[2]);
        return ByClips((int)probabilities.shape[1], clips =>
        {
            long[] predicted = MeanOf(probabilities, clips).argmax(1).cpu().data<long>().ToArray();
            return (double)predicted.Zip(labels).Count(pair => pair.First == pair.Second) / labels.Count;
        });
    }

    /// <summary>Computes the recall of retrieval with mean features.</summary>
    /// <param name="queries">Features of each clip, <c>[Q, K, C]</c>; the caller keeps owning them.</param>
    /// <param name="queryLabels">Labels of the <c>Q</c> queries.</param>
    /// <param name="gallery">Features of each clip, <c>[G, K, C]</c>; the caller keeps owning them.</param>
    /// <param name="galleryLabels">Labels of the <c>G</c> gallery items.</param>
    /// <param name="neighbors">The <c>k</c> of R@k, 1 to <c>G</c>.</param>
    /// <returns>R@k for 1 to <c>K</c> clips of queries and gallery, 0 to 1.</returns>
    /// <exception cref="ArgumentException">The features are not finite <c>[Q, K, C]</c> and <c>[G, K, C]</c> with the same <c>K</c>, or as for <see cref="Retrieval"/>.</exception>
    public static IReadOnlyList<double> Recall(
        Tensor queries, IReadOnlyList<int> queryLabels, Tensor gallery, IReadOnlyList<int> galleryLabels, int neighbors = 1)
    {
        InputCheck.Finite(queries, "[Q,K,C]", nameof(ClipCurves), nameof(queries));
        InputCheck.Finite(gallery, "[G,K,C]", nameof(ClipCurves), nameof(gallery));
        return queries.shape[1] == gallery.shape[1]
            ? ByClips(
                (int)queries.shape[1],
                clips => Retrieval.Evaluate(MeanOf(queries, clips), queryLabels, MeanOf(gallery, clips), galleryLabels, neighbors).RecallAt(neighbors))
            : throw new ArgumentException(
                FormattableString.Invariant($"ClipCurves: expected as many clips of queries and gallery, got {queries.shape[1]} and {gallery.shape[1]}"), nameof(gallery));
    }

    /// <summary>Chooses <paramref name="count"/> evenly spaced clips: the centers of as many equal parts.</summary>
    internal static long[] Spread(int count, int clips) => [.. Enumerable.Range(0, count).Select(i => ((2L * i) + 1) * clips / (2L * count))];

    private static double[] ByClips(int clips, Func<long[], double> judge)
    {
        double[] values = new double[clips];
        for (int count = 1; count <= clips; count++)
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            values[count - 1] = judge(Spread(count, clips));
        }

        return values;
    }

    private static Tensor MeanOf(Tensor values, long[] clips)
    {
        var raised = values.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? values.to(ScalarType.Float32) : values;
        return raised.index_select(1, tensor(clips).to(values.device)).mean([1]);
    }
}
