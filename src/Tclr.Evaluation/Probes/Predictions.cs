using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Collects the probabilities of test videos.</summary>
internal sealed class Predictions
{
    private readonly List<int> labels = [];
    private readonly List<int> predictions = [];
    private readonly List<int> ranks = [];
    private int[] right = [];

    /// <summary>Adds videos.</summary>
    /// <param name="probabilities">Probabilities of each clip <c>[N, K, classes]</c>, float32 on any device, with the same <c>K</c> in each call; the caller keeps owning them.</param>
    /// <param name="truth">The true classes of the <c>N</c> videos.</param>
    public void Add(Tensor probabilities, IReadOnlyList<int> truth)
    {
        int clips = (int)probabilities.shape[1];
        right = right.Length == 0 ? new int[clips] : right;
        for (int count = 1; count < clips; count++)
        {
            using var scope = NewDisposeScope();
            long[] predicted = probabilities.index_select(1, tensor(ClipCurves.Spread(count, clips)).to(probabilities.device)).mean([1]).argmax(1).cpu().data<long>().ToArray();
            right[count - 1] += predicted.Zip(truth).Count(pair => pair.First == pair.Second);
        }

        using var means = probabilities.mean([1]);
        using var host = means.cpu();
        int classes = (int)host.shape[1];
        var rows = MemoryMarshal.Cast<byte, float>(host.bytes);
        for (int i = 0; i < truth.Count; i++)
        {
            var row = rows.Slice(i * classes, classes);
            int best = 0, before = 0;
            for (int c = 0; c < classes; c++)
            {
                best = row[c] > row[best] ? c : best;

                // Ties go to the first class, for the rank as for the prediction.
                before += row[c] > row[truth[i]] || (row[c] == row[truth[i]] && c < truth[i]) ? 1 : 0;
            }

            right[^1] += best == truth[i] ? 1 : 0;
            labels.Add(truth[i]);
            predictions.Add(best);
            ranks.Add(before);
        }
    }

    /// <summary>Top-1 accuracy so far, 0 to 1.</summary>
    public double Accuracy => (double)right[^1] / labels.Count;

    public ClassificationResult Result(IReadOnlyList<ClassifierEpoch> epochs) => new(labels, predictions, [.. ranks], [.. right.Select(count => (double)count / labels.Count)], epochs);
}
