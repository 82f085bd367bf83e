namespace Tclr.Data;

/// <summary>Refuses options outside their range; the error names the option.</summary>
internal static class OptionCheck
{
    public static void AtLeast(int value, int minimum, string option)
    {
        if (value < minimum)
        {
            throw new ArgumentOutOfRangeException(option, value, $"expected {minimum} or more");
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
