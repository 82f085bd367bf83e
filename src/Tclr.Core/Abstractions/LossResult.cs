using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>One named part of a loss.</summary>
/// <param name="Name">The name under which the term appears in metrics and messages, for instance <c>local_local</c>.</param>
/// <param name="Value">The term's value as a scalar tensor without gradient, unweighted.</param>
public readonly record struct LossTerm(string Name, Tensor Value);

/// <summary>The value of a loss with the terms it is made of.</summary>
/// <param name="total">The weighted sum as a scalar tensor with gradient. The result takes ownership.</param>
/// <param name="terms">The unweighted terms, detached. The result takes ownership.</param>
public sealed class LossResult(Tensor total, IReadOnlyList<LossTerm> terms) : IDisposable
{
    /// <summary>The weighted sum, a scalar with gradient.</summary>
    public Tensor Total { get; } = total;

    /// <summary>The unweighted terms, scalars without gradient.</summary>
    public IReadOnlyList<LossTerm> Terms { get; } = terms;

    /// <summary>Names the terms that are not finite: a NaN or an infinity among the embeddings shows in each term that used it.</summary>
    /// <remarks>Waits for the device.</remarks>
    /// <returns>The names; none where all is well.</returns>
    public IReadOnlyList<string> NonFiniteTerms() => [.. Terms.Where(term => !double.IsFinite(term.Value.ToDouble())).Select(term => term.Name)];

    /// <summary>Releases the total and the terms.</summary>
    public void Dispose()
    {
        Total.Dispose();
        foreach (var term in Terms)
        {
            term.Value.Dispose();
        }
    }
}
