using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>A memory bank in a loss: on the device of the keys, and part of the checkpoints.</summary>
internal sealed class KeyQueue(string name, MemoryBank bank) : IDisposable
{
    private readonly MemoryBank bank = bank ?? throw new ArgumentNullException(nameof(bank));

    private string Rows => name + ".rows";

    private string Position => name + ".position";

    /// <summary>The mistakes of a run without keys.</summary>
    public static IEnumerable<string> FindMistakes(TrainingSetup setup, string plan)
    {
        if (!setup.HasKeys)
        {
            yield return $"keys of a momentum encoder: call WithMomentumEncoder() and WithPasses(PassPlan.{plan})";
        }
    }

    /// <summary>A copy of the negatives, of the type and on the device of the keys: the backward pass needs those from before <see cref="Enqueue"/>.</summary>
    public Tensor RowsLike(Tensor keys)
    {
        bank.To(keys.device);
        return bank.Rows.dtype == keys.dtype ? bank.Rows.clone() : bank.Rows.to(keys.dtype);
    }

    public void Enqueue(Tensor keys) => bank.Enqueue(keys);

    public IEnumerable<string> FindMistakes(TrainingSetup setup)
    {
        int capacity = bank.Capacity;
        if (capacity % setup.BatchSize != 0)
        {
            yield return FormattableString.Invariant($"a memory bank whose capacity the batch size {setup.BatchSize} divides, such as {(capacity + setup.BatchSize - 1) / setup.BatchSize * setup.BatchSize}; it has {capacity}. Or choose a batch size that divides {capacity}");
        }
    }

    public IEnumerable<KeyValuePair<string, Tensor>> SaveState() => [new(Rows, bank.Rows), new(Position, tensor((long)bank.Position))];

    public void RestoreState(IReadOnlyDictionary<string, Tensor> state, string loss)
    {
        if (!state.TryGetValue(Rows, out var rows) || !state.TryGetValue(Position, out var position))
        {
            throw new ArgumentException($"{loss}: expected '{Rows}' and '{Position}', got {string.Join(", ", state.Keys)}", nameof(state));
        }

        bank.Restore(rows, (int)position.item<long>());
    }

    public void Dispose() => bank.Dispose();
}
