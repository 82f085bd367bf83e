namespace Tclr.Data;

/// <summary>Refuses options outside their range; the error names the option.</summary>
internal static class OptionCheck
{
    public static void Given(object? value, string option)
    {
        if (value is null)
        {
            throw new ArgumentNullException(option);
        }
    }

    public static void NotBlank(string? value, string option)
    {
        if (value is not null && string.IsNullOrWhiteSpace(value))
        {
            throw new ArgumentException("expected a path, got nothing", option);
        }
    }

    public static void AtLeast(int value, int minimum, string option)
    {
        if (value < minimum)
        {
            throw new ArgumentOutOfRangeException(option, value, $"expected {minimum} or more");
        }
    }

    public static void Between<T>(T value, T minimum, T maximum, string option)
        where T : IComparable<T>
    {
        if (value.CompareTo(minimum) < 0 || value.CompareTo(maximum) > 0)
        {
            throw new ArgumentOutOfRangeException(option, value, FormattableString.Invariant($"expected {minimum} to {maximum}"));
        }
    }

    public static void Share(double value, string option)
    {
        if (value is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(option, value, "expected a share of the videos, from 0 to 1");
        }
    }
}
