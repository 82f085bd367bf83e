using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A weighted sum of losses, with the terms of all of them. Disposing it disposes its losses.</summary>
/// <example><code>
/// var loss = new CombinedLoss((new InstanceContrastiveLoss(), 1), (new GlobalLocalLoss(), 0.5));
/// </code></example>
public sealed class CombinedLoss : IStatefulLoss, IDisposable
{
    private readonly (ITemporalContrastiveLoss Loss, double Weight)[] parts;

    /// <summary>Creates the sum.</summary>
    /// <param name="parts">The losses, one or more, each with its weight: finite, 0 or more. With 0 its terms are only reported.</param>
    /// <exception cref="ArgumentException">There are no losses, none weighs anything, or a weight is out of its range.</exception>
    public CombinedLoss(params IReadOnlyList<(ITemporalContrastiveLoss Loss, double Weight)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach (var (loss, weight) in parts)
        {
            ArgumentNullException.ThrowIfNull(loss, nameof(parts));
            if (!double.IsFinite(weight) || weight < 0)
            {
                throw new ArgumentException(FormattableString.Invariant($"{loss.GetType().Name}: expected a weight that is finite, 0 or more, got {weight}"), nameof(parts));
            }
        }

        if (parts.All(part => part.Weight == 0))
        {
            throw new ArgumentException($"expected at least one loss with a weight above 0, got {parts.Count} losses without", nameof(parts));
        }

        this.parts = [.. parts];
    }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, Tensor>> SaveState()
        => Stateful().SelectMany(part => part.Loss.SaveState().Select(entry => new KeyValuePair<string, Tensor>(part.Prefix + entry.Key, entry.Value)));

    /// <inheritdoc/>
    public void RestoreState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (var (prefix, loss) in Stateful())
        {
            loss.RestoreState(state.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value, StringComparer.Ordinal));
        }
    }

    /// <summary>Disposes the losses that hold tensors.</summary>
    public void Dispose()
    {
        foreach (var (loss, _) in parts)
        {
            (loss as IDisposable)?.Dispose();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Two of the losses have a term of the same name.</exception>
    public LossResult Compute(TemporalEmbeddings embeddings) => Sum(loss => (loss.Compute(embeddings), 1));

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Two of the losses have a term of the same name.</exception>
    public LossResult? ComputeShare(TemporalEmbeddings embeddings, int share, int shares)
        => Sum(loss => loss.ComputeShare(embeddings, share, shares) is { } own ? (own, 1) : (loss.Compute(embeddings), 1.0 / shares));

    /// <inheritdoc/>
    public IReadOnlyList<string> FindMistakes(TrainingSetup setup) => [.. parts.SelectMany(part => part.Loss.FindMistakes(setup))];

    private LossResult Sum(Func<ITemporalContrastiveLoss, (LossResult Result, double Factor)> compute)
    {
        using var scope = NewDisposeScope();
        Tensor? total = null;
        var terms = new List<(string Name, Tensor Value)>();
        foreach (var (loss, weight) in parts)
        {
            var (result, factor) = compute(loss);
            terms.AddRange(factor == 1 ? result.Terms : result.Terms.Select(term => (term.Name, term.Value * factor)));
            var weighted = result.Total * (weight * factor);
            total = total is null ? weighted : total + weighted;
        }

        string? twice = terms.GroupBy(term => term.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null
            ? new LossResult(total!.MoveToOuterDisposeScope(), terms.ConvertAll(term => (term.Name, term.Value.MoveToOuterDisposeScope())))
            : throw new InvalidOperationException($"two of the losses have a term '{twice}': expected each term once. Leave one of them out.");
    }

    private IEnumerable<(string Prefix, IStatefulLoss Loss)> Stateful()
        => parts.Index().Where(part => part.Item.Loss is IStatefulLoss).Select(part => (FormattableString.Invariant($"{part.Index}."), (IStatefulLoss)part.Item.Loss));
}
