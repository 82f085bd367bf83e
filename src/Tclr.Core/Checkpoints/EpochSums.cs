namespace Tclr.Core;

/// <summary>Sums over the steps of an epoch so far.</summary>
/// <param name="Steps">Number of steps.</param>
/// <param name="Loss">Sum of their losses.</param>
/// <param name="Terms">Sums of their terms by name.</param>
public sealed record EpochSums(int Steps, double Loss, IReadOnlyDictionary<string, double> Terms)
{
    /// <summary>The sums before the first step.</summary>
    public static EpochSums None { get; } = new(0, 0, new Dictionary<string, double>(StringComparer.Ordinal));

    /// <summary>The sums with one more step.</summary>
    internal EpochSums With(double loss, IReadOnlyDictionary<string, double> terms)
        => new(Steps + 1, Loss + loss, terms.ToDictionary(term => term.Key, term => Terms.GetValueOrDefault(term.Key) + term.Value, StringComparer.Ordinal));
}
