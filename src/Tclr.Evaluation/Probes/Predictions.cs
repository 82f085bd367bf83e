using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Collects the probabilities of test videos.</summary>
internal sealed class Predictions
{
    private readonly List<int> labels = [];
    private readonly List<int> predictions = [];
    private readonly List<int> ranks = [];

    /// <summary>Takes some videos.</summary>
    /// <param name="probabilities">Probabilities <c>[N, C]</c>, float32 on any device; the caller keeps owning them.</param>
    /// <param name="truth">The true classes of the <c>N</c> videos.</param>
    public void Add(Tensor probabilities, IReadOnlyList<int> truth)
    {
        using var host = probabilities.cpu();
        int classes = (int)host.shape[1];
        var rows = MemoryMarshal.Cast<byte, float>(host.bytes);
        for (int i = 0; i < truth.Count; i++)
        {
            var row = rows.Slice(i * classes, classes);
            int best = 0, before = 0;
            for (int c = 0; c < classes; c++)
            {
                best = row[c] > row[best] ? c : best;

                // Of classes alike the first is ahead, in the rank as in the choice.
                before += row[c] > row[truth[i]] || (row[c] == row[truth[i]] && c < truth[i]) ? 1 : 0;
            }

            labels.Add(truth[i]);
            predictions.Add(best);
            ranks.Add(before);
        }
    }

    public ClassificationResult Result(IReadOnlyList<ClassifierEpoch> epochs) => new(labels, predictions, [.. ranks], epochs);
}
