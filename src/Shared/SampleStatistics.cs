namespace Tclr;

/// <summary>Statistics of a sample.</summary>
internal static class SampleStatistics
{
    /// <summary>Computes the mean and the sample standard deviation (divisor <c>n - 1</c>).</summary>
    /// <param name="values">One value or more.</param>
    /// <returns>The mean, and the standard deviation; <see langword="null"/> for a single value.</returns>
    public static (double Mean, double? Std) MeanStd(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        return (mean, values.Count > 1 ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)) : null);
    }
}
