using Tclr.Core;
using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>Momentum contrast on the global clips: version 0 holds the queries, version 1 the keys, which then join the bank.</summary>
/// <remarks>The term <c>momentum</c> is <see cref="Functional.MomentumContrast"/>. Source: He et al. (2020).</remarks>
/// <param name="bank">The negatives; the caller keeps owning it.</param>
/// <param name="temperature">Divides the similarities: finite and above 0. The default value is 0.07.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
public sealed class MomentumContrastLoss(MemoryBank bank, double temperature = 0.07) : IStatefulLoss
{
    private const string BankRows = "bank.rows";
    private const string BankPosition = "bank.position";

    private readonly MemoryBank bank = bank ?? throw new ArgumentNullException(nameof(bank));
    private readonly double temperature = Check.Temperature(temperature, nameof(MomentumContrastLoss));

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var clips = embeddings.GlobalPooled;
        Check.Shape(clips, "[V,B,D]", nameof(MomentumContrastLoss), nameof(TemporalEmbeddings.GlobalPooled));
        Check.AtLeastTwo(clips, 0, "two versions, queries and keys", nameof(MomentumContrastLoss), nameof(TemporalEmbeddings.GlobalPooled));

        var result = SingleTerm.Of(
            "momentum", () => Functional.MomentumContrast(clips.select(0, 0), clips.select(0, 1), bank.Rows.to(clips.dtype), temperature));
        using var keys = clips.select(0, 1);
        bank.Enqueue(keys);
        return result;
    }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, Tensor>> SaveState() => [new(BankRows, bank.Rows), new(BankPosition, tensor((long)bank.Position))];

    /// <inheritdoc/>
    public void RestoreState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.TryGetValue(BankRows, out var rows) || !state.TryGetValue(BankPosition, out var position))
        {
            throw new ArgumentException($"{nameof(MomentumContrastLoss)}: expected '{BankRows}' and '{BankPosition}', got {string.Join(", ", state.Keys)}", nameof(state));
        }

        bank.Restore(rows, (int)position.item<long>());
    }
}
