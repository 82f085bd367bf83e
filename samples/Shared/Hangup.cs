using System.Globalization;

namespace Tclr.Samples;

/// <summary>The signal of a terminal that is closed.</summary>
internal static class Hangup
{
    private const ulong Bit = 1;

    /// <summary>Whether the program was started with SIGHUP ignored, as <c>nohup</c> does. Where the system does not tell, it was not.</summary>
    public static bool IsIgnored
    {
        get
        {
            const string Status = "/proc/self/status", Field = "SigIgn:";
            return File.Exists(Status)
                && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } line
                && ulong.TryParse(line[Field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong ignored)
                && (ignored & Bit) != 0;
        }
    }
}
