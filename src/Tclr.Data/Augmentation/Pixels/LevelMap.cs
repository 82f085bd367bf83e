namespace Tclr.Data;

/// <summary>Changes of level that do not depend on the pixel's surroundings, as tables of 256 entries.</summary>
internal static class LevelMap
{
    public static byte[] Gamma(double exponent) => Table(x => (byte)(255.999 * Math.Pow(x / 255.0, exponent)));

    public static byte[] Solarize(int threshold) => Table(x => (byte)(x >= threshold ? 255 - x : x));

    private static byte[] Table(Func<int, byte> level) => [.. Enumerable.Range(0, 256).Select(level)];
}
