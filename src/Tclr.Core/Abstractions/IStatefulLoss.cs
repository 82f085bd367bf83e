using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A loss that remembers something from step to step, as a bank of negatives. It goes into checkpoints.</summary>
public interface IStatefulLoss : ITemporalContrastiveLoss
{
    /// <summary>What it remembers, as tensors by name.</summary>
    /// <returns>The live tensors or copies of them; they are copied at once.</returns>
    IEnumerable<KeyValuePair<string, Tensor>> SaveState();

    /// <summary>Takes back what was saved.</summary>
    /// <param name="state">The tensors by name; the caller keeps owning them.</param>
    /// <exception cref="ArgumentException">The state is that of another loss.</exception>
    void RestoreState(IReadOnlyDictionary<string, Tensor> state);
}
