using System.Globalization;

namespace Tclr.Reports;

/// <summary>Color-blind safe colors after Okabe and Ito, adjusted for contrast; further series differ by dashes and shapes.</summary>
internal static class Palette
{
    public const int Colors = 8;

    private static readonly string[] Dashes = ["", "6 3", "2 3", "8 3 2 3"];

    /// <summary>Marker shapes: disc, square, triangle, diamond, cross, bar.</summary>
    private static readonly string[] Shapes =
    [
        "m-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z",
        "m-2.3-2.3h4.6v4.6h-4.6z",
        "m0-3l2.9 5h-5.8z",
        "m0-3.4l3 3.4l-3 3.4l-3-3.4z",
        "m-.9-3h1.8v2.1h2.1v1.8h-2.1v2.1h-1.8v-2.1h-2.1v-1.8h2.1z",
        "m-3.2-1.2h6.4v2.4h-6.4z",
    ];

    /// <summary>The color of a series as CSS.</summary>
    public static string Color(int series) => string.Create(CultureInfo.InvariantCulture, $"var(--s{series % Colors})");

    /// <summary>The CSS of a line: color and dashes.</summary>
    public static string Stroke(int series) => Dashes[series / Colors % Dashes.Length] is { Length: > 0 } dashes
        ? $"stroke:{Color(series)};stroke-dasharray:{dashes}"
        : $"stroke:{Color(series)}";

    /// <summary>The marker of a group, as an SVG path relative to the point.</summary>
    public static string Shape(int group) => Shapes[group / Colors % Shapes.Length];
}
