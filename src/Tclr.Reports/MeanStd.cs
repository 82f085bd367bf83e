using System.Globalization;

namespace Tclr.Reports;

/// <summary>Mean and standard deviation over several runs.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Std">The sample standard deviation (divisor <c>n - 1</c>); <see langword="null"/> for a single run.</param>
/// <param name="Runs">Number of runs, 1 or more.</param>
public sealed record MeanStd(double Mean, double? Std = null, int Runs = 1)
{
    /// <summary>Converts the value of a single run.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator MeanStd(double value) => new(value);

    /// <summary>Computes mean and standard deviation.</summary>
    /// <param name="values">The value of each run, one or more.</param>
    /// <returns>Mean, standard deviation and number of runs.</returns>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static MeanStd Of(params IEnumerable<double> values)
    {
        double[] runs = [.. values ?? throw new ArgumentNullException(nameof(values))];
        if (runs.Length == 0)
        {
            throw new ArgumentException("MeanStd: expected one value or more, got none", nameof(values));
        }

        var (mean, std) = SampleStatistics.MeanStd(runs);
        return new MeanStd(mean, std, runs.Length);
    }

    /// <summary>Scales mean and standard deviation.</summary>
    /// <param name="factor">The factor, for example 100 for percent.</param>
    /// <returns>The scaled values.</returns>
    public MeanStd Times(double factor) => this with { Mean = Mean * factor, Std = Std * Math.Abs(factor) };

    /// <summary>Formats the value with the invariant culture: <c>84.1 ± 0.4</c>, or <c>84.1</c> for a single run.</summary>
    /// <param name="format">Numeric format string for both numbers.</param>
    /// <returns>The text.</returns>
    public string ToString(string format)
    {
        string mean = Mean.ToString(format, CultureInfo.InvariantCulture);
        return Std is { } std ? $"{mean} ± {std.ToString(format, CultureInfo.InvariantCulture)}" : mean;
    }
}
