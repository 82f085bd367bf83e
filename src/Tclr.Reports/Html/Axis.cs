using System.Globalization;

namespace Tclr.Reports;

/// <summary>An axis with ticks at round numbers.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end, greater than <paramref name="Low"/>.</param>
/// <param name="Step">Distance between ticks.</param>
internal sealed record Axis(double Low, double High, double Step)
{
    /// <summary>The ticks, in ascending order.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            // Multiples instead of sums, which would accumulate rounding errors.
            double first = Math.Ceiling((Low / Step) - 1e-9), last = Math.Floor((High / Step) + 1e-9);
            for (double i = first; i <= last; i++)
            {
                yield return i * Step;
            }
        }
    }

    /// <summary>Creates an axis that covers values and ends at ticks. It includes 0 if the values still fill a third of it.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="zero">Whether it always includes 0, as for bars.</param>
    public static Axis Over(IEnumerable<double> values, bool zero = false)
    {
        var (low, high) = Range(values);
        if (high < low)
        {
            return new Axis(0, 1, 0.2);
        }

        double range = high - low;
        bool flat = range < 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high));
        low = zero || flat || low <= 2 * range ? Math.Min(low, 0) : low;
        high = zero || flat || -high <= 2 * range ? Math.Max(high, 0) : high;
        high = high > low ? high : low + 1;
        double step = RoundStep(high - low);
        return new Axis(Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step, step);
    }

    /// <summary>Creates an axis from the smallest to the largest value.</summary>
    /// <param name="values">Finite values.</param>
    public static Axis Exactly(IEnumerable<double> values)
    {
        var (low, high) = Range(values);
        if (high < low)
        {
            return new Axis(0, 1, 0.2);
        }

        double room = high - low > 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)) ? 0 : Math.Max(1, 0.1 * Math.Abs(high));
        return new Axis(low - room, high + room, RoundStep(high - low + (2 * room)));
    }

    /// <summary>The position of a value, from 0 at the lower end to 1 at the upper end.</summary>
    public double Share(double value) => Math.Clamp((value - Low) / (High - Low), 0, 1);

    /// <summary>Formats a tick with the digits that the step needs.</summary>
    public string Text(double tick)
    {
        if (Math.Max(Math.Abs(Low), Math.Abs(High)) >= 1e6 || Step < 1e-4)
        {
            return tick == 0 ? "0" : tick.ToString("0.###e0", CultureInfo.InvariantCulture);
        }

        int decimals = Math.Max(0, (int)-Math.Floor(Math.Log10(Step) + 1e-9));
        double rounded = Math.Round(tick, decimals);
        return (rounded == 0 ? 0 : rounded).ToString("F" + decimals, CultureInfo.InvariantCulture);
    }

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        // Extreme values would overflow or underflow the range.
        return (Tame(low), Tame(high));

        static double Tame(double value) => Math.Abs(value) < 1e-290 ? 0 : double.IsInfinity(value) ? value : Math.Clamp(value, -1e300, 1e300);
    }

    /// <summary>A round step that gives 3 to 6 intervals.</summary>
    private static double RoundStep(double range)
    {
        double rough = range / 4, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * ((rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
    }
}
