namespace Tclr.Evaluation.Reports;

/// <summary>An axis with a handful of round numbers on it.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end, above <paramref name="Low"/>.</param>
/// <param name="Step">Distance of the round numbers.</param>
internal sealed record Axis(double Low, double High, double Step)
{
    /// <summary>The round numbers, ascending.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            // By index: adding up steps would drift off the round numbers.
            double first = Math.Ceiling(Low / Step), last = Math.Floor((High / Step) + 1e-9);
            for (double i = first; i <= last; i++)
            {
                yield return i * Step;
            }
        }
    }

    /// <summary>An axis over values, from 0 where they are not negative.</summary>
    public static Axis Over(IEnumerable<double> values)
    {
        double low = 0, high = double.NegativeInfinity;
        foreach (double value in values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (high <= low || double.IsNegativeInfinity(high))
        {
            high = low + 1;
        }

        // A round step that gives 3 to 6 intervals.
        double rough = (high - low) / 4, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * ((rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
        return new Axis(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, step);
    }

    /// <summary>Where a value lies, 0 at the lower end to 1 at the upper.</summary>
    public double Share(double value) => (value - Low) / (High - Low);
}
