using System.Globalization;

namespace Tclr.Evaluation;

/// <summary>A mean over runs, and how far they lie apart.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Spread">The sample standard deviation (divisor <c>n - 1</c>); <see langword="null"/> where there is one run.</param>
/// <param name="Runs">Number of runs, 1 or more.</param>
public sealed record MeanAndSpread(double Mean, double? Spread = null, int Runs = 1)
{
    /// <summary>A single value, without spread.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator MeanAndSpread(double value) => new(value);

    /// <summary>Sums up the results of several runs.</summary>
    /// <param name="values">A value of each run, one or more.</param>
    /// <returns>Their mean and their spread.</returns>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static MeanAndSpread Of(params IEnumerable<double> values)
    {
        double[] runs = [.. values ?? throw new ArgumentNullException(nameof(values))];
        if (runs.Length == 0)
        {
            throw new ArgumentException("MeanAndSpread: expected one value or more, got none", nameof(values));
        }

        double mean = runs.Average();
        return new MeanAndSpread(mean, runs.Length > 1 ? Math.Sqrt(runs.Sum(run => (run - mean) * (run - mean)) / (runs.Length - 1)) : null, runs.Length);
    }

    /// <summary>The same in another unit.</summary>
    /// <param name="factor">What both numbers are multiplied by, for instance 100 for percent.</param>
    /// <returns>The result.</returns>
    public MeanAndSpread Times(double factor) => this with { Mean = Mean * factor, Spread = Spread * Math.Abs(factor) };

    /// <summary>Writes <c>84.1 ± 0.4</c>, or <c>84.1</c> for a single run, whatever the culture.</summary>
    /// <param name="format">Format of each number.</param>
    /// <returns>The text.</returns>
    public string ToString(string format)
    {
        string mean = Mean.ToString(format, CultureInfo.InvariantCulture);
        return Spread is { } spread ? $"{mean} ± {spread.ToString(format, CultureInfo.InvariantCulture)}" : mean;
    }
}
