using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>Momentum contrast of the global clips: view 0 gives the queries, view 1 the keys, which are then added to the memory bank.</summary>
/// <remarks>The term <c>momentum</c> is <see cref="Functional.MomentumContrast"/>. Source: He et al. (2020).</remarks>
/// <param name="bank">The memory bank, which holds the negatives; the caller owns it.</param>
/// <param name="temperature">The similarities are divided by it; finite and above 0. The default value is <see cref="DefaultTemperature"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
public sealed class MomentumContrastLoss(MemoryBank bank, double temperature = MomentumContrastLoss.DefaultTemperature) : IStatefulLoss
{
    /// <summary>The temperature of momentum contrast, and the default.</summary>
    public const double DefaultTemperature = 0.07;

    private const string BankRows = "bank.rows";
    private const string BankPosition = "bank.position";

    private readonly MemoryBank bank = bank ?? throw new ArgumentNullException(nameof(bank));
    private readonly double temperature = OptionChecker.ThrowIfNotPositive(temperature);

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var clips = embeddings.GlobalPooled;
        TensorCheck.Shape(clips, "[V,B,D]", nameof(MomentumContrastLoss), nameof(TemporalEmbeddings.GlobalPooled));
        TensorCheck.AtLeastTwo(clips, 0, "two views, queries and keys", nameof(MomentumContrastLoss), nameof(TemporalEmbeddings.GlobalPooled));

        var result = LossTerms.Single(
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
