using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>Momentum contrast (MoCo): view 0 gives the queries; the keys, by the momentum encoder, join the memory bank after the loss is computed.</summary>
/// <remarks>
/// The term <c>momentum</c> is <see cref="Functional.MomentumContrast"/>. The run needs
/// <see cref="TclrTrainerBuilder.WithMomentumEncoder"/> and a pass of keys, such as <see cref="PassPlan.MomentumContrast"/>.
/// Source: He et al., "Momentum Contrast for Unsupervised Visual Representation Learning" (2020).
/// </remarks>
/// <example><code>
/// builder.WithMomentumEncoder().WithPasses(PassPlan.MomentumContrast)
///     .UseLoss(new MomentumContrastLoss(new MemoryBank(capacity: 16384, dimension: 128)));
/// </code></example>
/// <param name="bank">The memory bank, which holds the negatives; disposed with the loss.</param>
/// <param name="temperature">The similarities are divided by it; finite and above 0. The default value is <see cref="DefaultTemperature"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
public sealed class MomentumContrastLoss(MemoryBank bank, double temperature = MomentumContrastLoss.DefaultTemperature) : IStatefulLoss, IDisposable
{
    /// <summary>The temperature of momentum contrast, and the default.</summary>
    public const double DefaultTemperature = 0.07;

    private readonly KeyQueue queue = new("bank", bank);
    private readonly double temperature = OptionChecker.ThrowIfNotPositive(temperature);

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings) => ComputeShare(embeddings, 0, 1);

    /// <inheritdoc/>
    public LossResult ComputeShare(TemporalEmbeddings embeddings, int share, int shares)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        const string Name = nameof(MomentumContrastLoss);
        var keys = LossTerms.Keys(embeddings, Name).GlobalPooled;
        TensorCheck.Shape(embeddings.GlobalPooled, "[V,B,D]", Name, nameof(TemporalEmbeddings.GlobalPooled));
        TensorCheck.Shape(keys, "[V,B,D]", Name, nameof(TemporalEmbeddings.Keys));

        using var scope = NewDisposeScope();
        var key = keys.select(0, 0);
        var own = new LossShare(share, shares);
        var value = Functional.MomentumContrast(own.Own(embeddings.GlobalPooled.select(0, 0), 0), own.Own(key, 0), queue.RowsLike(key), temperature);
        value = shares == 1 ? value : value / (double)shares;
        queue.Enqueue(key);
        return LossTerms.Result(value, [("momentum", value)]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FindMistakes(TrainingSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return [.. KeyQueue.FindMistakes(setup, nameof(PassPlan.MomentumContrast)), .. queue.FindMistakes(setup)];
    }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, Tensor>> SaveState() => queue.SaveState();

    /// <inheritdoc/>
    public void RestoreState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        queue.RestoreState(state, nameof(MomentumContrastLoss));
    }

    /// <summary>Releases the memory bank.</summary>
    public void Dispose() => queue.Dispose();
}
