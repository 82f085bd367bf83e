namespace Tclr.Data;

/// <summary>Refuses numbers outside their range; the error names the parameter.</summary>
internal static class StepCheck
{
    public static void Probability(double value, string name)
    {
        if (value is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "expected a probability, from 0 to 1");
        }
    }

    public static void Range(double low, double high, double minimum, double maximum, string what, string name)
    {
        if (!(low >= minimum && low <= high && high <= maximum && double.IsFinite(low) && double.IsFinite(high)))
        {
            throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"expected {what} with {minimum} <= low <= high <= {maximum}, got {low} and {high}"));
        }
    }

    public static void Amount(double value, double maximum, string name)
    {
        if (!(value >= 0 && value <= maximum && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"expected an amount from 0 to {maximum}"));
        }
    }

    public static void Positive(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "expected a finite number above 0");
        }
    }
}
