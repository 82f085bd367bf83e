using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A loss with state, such as a queue of negatives. The state is saved in checkpoints.</summary>
public interface IStatefulLoss : ITemporalContrastiveLoss
{
    /// <summary>Gets the state as tensors by name.</summary>
    /// <returns>The tensors; the caller copies them before the next step.</returns>
    IEnumerable<KeyValuePair<string, Tensor>> SaveState();

    /// <summary>Restores a saved state.</summary>
    /// <param name="state">The tensors by name; not disposed.</param>
    /// <exception cref="ArgumentException">The state is that of another loss.</exception>
    void RestoreState(IReadOnlyDictionary<string, Tensor> state);
}
