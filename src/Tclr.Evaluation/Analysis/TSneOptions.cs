namespace Tclr.Evaluation;

/// <summary>How <see cref="TSne"/> lays out its map.</summary>
public sealed record TSneOptions
{
    /// <summary>The number of neighbors that a point takes notice of, softly.</summary>
    /// <value>1 to <c>(N - 1) / 3</c>. The default value is <see langword="null"/>: 30, or the largest that <c>N</c> points allow.</value>
    public double? Perplexity { get; init; }

    /// <summary>Number of iterations.</summary>
    /// <value>1 or more. The default value is 1000.</value>
    public int Iterations { get; init; } = 1000;

    /// <summary>What attraction is multiplied by in the first iterations, for clusters to form.</summary>
    /// <value>1 or more. The default value is 12.</value>
    public double Exaggeration { get; init; } = 12;

    /// <summary>The number of iterations with <see cref="Exaggeration"/>.</summary>
    /// <value>0 or more. The default value is 250.</value>
    public int ExaggerationIterations { get; init; } = 250;

    /// <summary>Seed of the small noise in the first layout, which is that of the two principal components.</summary>
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
