using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The value of a loss and its terms.</summary>
/// <param name="total">The weighted sum as a scalar tensor with gradient. The result takes ownership.</param>
/// <param name="terms">The unweighted terms, detached, each with its name in metrics and messages, such as <c>local_local</c>. The result takes ownership.</param>
public sealed class LossResult(Tensor total, IReadOnlyList<(string Name, Tensor Value)> terms) : IDisposable
{
    /// <summary>The weighted sum, a scalar with gradient.</summary>
    public Tensor Total { get; } = total;

    /// <summary>The unweighted terms, scalars without gradient.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Terms { get; } = terms;

    /// <summary>Gets the names of the terms that are NaN or infinite.</summary>
    /// <remarks>Waits for the device.</remarks>
    /// <returns>The names; empty if all terms are finite.</returns>
    public IReadOnlyList<string> NonFiniteTerms() => [.. Terms.Where(term => !double.IsFinite(HostTransfer.Read(term.Value)[0])).Select(term => term.Name)];

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
