namespace Tclr.Data;

/// <summary>Finds the units of an MPEG byte stream, each of which follows the bytes 0, 0, 1.</summary>
internal static class StartCodes
{
    private static ReadOnlySpan<byte> Prefix => [0, 0, 1];

    /// <summary>Gets the next unit.</summary>
    /// <param name="stream">The rest of the stream; advanced past the unit.</param>
    /// <param name="unit">The unit without its prefix, up to the next prefix.</param>
    /// <returns>Whether there is one.</returns>
    public static bool Next(ref ReadOnlySpan<byte> stream, out ReadOnlySpan<byte> unit)
    {
        int start = stream.IndexOf(Prefix);
        if (start < 0)
        {
            unit = [];
            return false;
        }

        var rest = stream[(start + 3)..];
        int end = rest.IndexOf(Prefix);
        unit = end < 0 ? rest : rest[..end];
        stream = rest[unit.Length..];
        return unit.Length > 0 || !stream.IsEmpty;
    }

    /// <summary>Removes the bytes of value 3 that keep start codes out of a unit of H.264 and H.265.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="most">Maximum number of bytes needed.</param>
    public static byte[] Unescape(ReadOnlySpan<byte> unit, int most = 1024)
    {
        var plain = new List<byte>(Math.Min(unit.Length, most));
        for (int i = 0; i < unit.Length && plain.Count < most; i++)
        {
            if (i < 2 || unit[i] != 3 || unit[i - 1] != 0 || unit[i - 2] != 0)
            {
                plain.Add(unit[i]);
            }
        }

        return [.. plain];
    }
}
