using System.Globalization;
using System.Xml.Linq;

namespace Tclr.Reports.Tests;

/// <summary>Reads a rendered report as XML, which finds every tag that is not closed and every character that is not encoded.</summary>
internal static class Page
{
    public static XElement Of(RunReport report) => XElement.Parse(report.ToHtml()["<!DOCTYPE html>".Length..], LoadOptions.PreserveWhitespace);

    public static XElement Of(params ReportFigure[] figures) => Of(new RunReport("t") { Sections = [new("s") { Figures = figures }] });

    /// <summary>The points of each line of the one chart.</summary>
    public static (double X, double Y)[][] Lines(params ReportSeries[] series) =>
    [
        .. Of(new LineChart("c", "step", series)).Descendants("polyline").Select(line => line.Attribute("points")!.Value.Split(' ').Select(point =>
        {
            string[] parts = point.Split(',');
            return (Number(parts[0]), Number(parts[1]));
        }).ToArray()),
    ];

    /// <summary>All texts of the drawings.</summary>
    public static IReadOnlyList<string> Texts(this XElement page) => [.. page.Descendants("text").Select(text => text.Value)];

    public static bool Has(this XElement element, string attribute, string value) => string.Equals(element.Attribute(attribute)?.Value, value, StringComparison.Ordinal);

    public static double Number(this XElement element, string attribute) => Number(element.Attribute(attribute)!.Value);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
