namespace Tclr.Evaluation;

/// <summary>Settings of <see cref="TSne"/>.</summary>
public sealed record TSneOptions
{
    /// <summary>The perplexity: the effective number of neighbors of a point.</summary>
    /// <value>1 to <c>(N - 1) / 3</c>. The default value is <see langword="null"/>: 30, or the largest possible for <c>N</c> points.</value>
    public double? Perplexity { get; init; }

    /// <summary>Number of iterations.</summary>
    /// <value>1 or more. The default value is 1000.</value>
    public int Iterations { get; init; } = 1000;

    /// <summary>Early exaggeration: factor of the attraction in the first iterations, in which clusters form.</summary>
    /// <value>1 or more. The default value is 12.</value>
    public double Exaggeration { get; init; } = 12;

    /// <summary>Number of iterations with <see cref="Exaggeration"/>.</summary>
    /// <value>0 or more. The default value is 250.</value>
    public int ExaggerationIterations { get; init; } = 250;

    /// <summary>Seed of the noise in the initial layout.</summary>
    /// <value>The default value is 0.</value>
    public ulong Seed { get; init; }

    internal void Check(OptionChecker check, long points)
    {
        check.Between(Perplexity ?? 1, 1, (points - 1) / 3.0, nameof(Perplexity));
        check.AtLeast(Iterations, 1);
        check.AtLeast(ExaggerationIterations, 0);
        check.Require(Exaggeration >= 1 && double.IsFinite(Exaggeration), Exaggeration, "a finite number of 1 or more");
    }

    internal double PerplexityFor(long points) => Perplexity ?? Math.Min(30, (points - 1) / 3.0);
}
