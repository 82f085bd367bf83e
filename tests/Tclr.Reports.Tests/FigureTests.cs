using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tclr.Reports.Tests;

public sealed partial class FigureTests
{
    [Test]
    public void A_scatter_plot_keeps_units_equal_and_stays_within_its_frame()
    {
        var page = Page.Of(new ScatterPlot("m", [new("a", [(0, 0), (100, 0)]), new("b", [(0, 10), (double.NaN, 3), (2, double.NegativeInfinity)])]));

        var points = page.Descendants("path").Where(path => path.Has("class", "points")).Select(path => Starts(path.Attribute("d")!.Value)).ToArray();
        Assert.That(points.Select(group => group.Length), Is.EqualTo(new[] { 2, 1 }));
        double unit = (points[0][1].X - points[0][0].X) / 100;
        Assert.That((points[0][0].Y - points[1][0].Y) / 10, Is.EqualTo(unit).Within(0.02));
        Assert.That(points.SelectMany(group => group).Select(p => p.X), Is.All.InRange(8, 392));
        Assert.That(points.SelectMany(group => group).Select(p => p.Y), Is.All.InRange(8, 332));
    }

    [Test]
    public void A_scatter_plot_of_many_points_is_thinned_out()
    {
        var page = Page.Of(new ScatterPlot("m", [new("a", [.. Enumerable.Range(0, 12_000).Select(i => (Math.Cos(i), Math.Sin(i)))])]));

        Assert.That(Starts(page.Descendants("path").Last().Attribute("d")!.Value), Has.Length.InRange(3_000, 5_000));
    }

    [Test]
    public void Scatter_plots_without_extent_can_be_drawn()
    {
        var page = Page.Of(new ScatterPlot("m", []), new ScatterPlot("m", [new("a", [])]), new ScatterPlot("m", [new("a", [(3, 3)])]), new ScatterPlot("m", [new("a", [(1, 0), (2, 0)])]));

        Assert.That(page.Texts(), Has.Exactly(2).EqualTo("no points"));
        var points = page.Descendants("path").Where(path => path.Has("class", "points")).SelectMany(path => Starts(path.Attribute("d")!.Value));
        Assert.That(points, Is.EqualTo(new[] { (200.0, 170.0), (8.0, 170.0), (392.0, 170.0) }));
    }

    [Test]
    public void A_scatter_plot_of_labels_has_a_group_for_each_class_with_points()
    {
        var plot = ScatterPlot.Of("m", [(1, 1), (2, 2), (3, 3)], [2, 0, 2], ["a", "b", "c"]);

        Assert.That(plot.Groups.Select(group => group.Name), Is.EqualTo(new[] { "a", "c" }));
        Assert.That(plot.Groups[1].Points, Is.EqualTo(new[] { (1.0, 1.0), (3.0, 3.0) }));
        Assert.That(() => ScatterPlot.Of("m", [(1, 1)], [1], ["a"]), Throws.ArgumentException.With.Message.Contains("expected labels from 0 to 0, a class each, got 1"));
        Assert.That(() => ScatterPlot.Of("m", [(1, 1)], [], ["a"]), Throws.ArgumentException.With.Message.Contains("expected 1 labels, got 0"));
    }

    [Test]
    public void A_small_heat_map_has_numbers_names_and_ink_by_value()
    {
        var page = Page.Of(new HeatMap("h", new[,] { { 1, 0.25 }, { double.NaN, 0.5 } }) { Rows = ["r1", "r2"], Columns = ["c1", "c2"], XLabel = "x", YLabel = "y" });

        var cells = page.Descendants("rect").Where(rect => rect.Element("title") is not null).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(cells.Select(cell => cell.Number("fill-opacity")), Is.EqualTo(new[] { 1, 0.25, 0, 0.5 }));
            Assert.That(cells.Select(cell => cell.Element("title")!.Value), Is.EqualTo(new[] { "r1 → c1: 1.00", "r1 → c2: 0.25", "r2 → c1: –", "r2 → c2: 0.50" }));
            Assert.That(page.Texts(), Is.EqualTo(new[] { "1.00", "0.25", "–", "0.50", "r1", "r2", "c1", "c2", "y", "x", "0", "1" }));
        });
    }

    [Test]
    public void Negative_values_have_a_color_of_their_own()
    {
        var cells = Page.Of(new HeatMap("h", new double[,] { { 1, -2 } })).Descendants("rect").Where(rect => rect.Element("title") is not null).ToArray();

        Assert.That(cells.Select(cell => (cell.Attribute("class")!.Value, cell.Number("fill-opacity"))), Is.EqualTo(new[] { ("heat", 0.5), ("cold", 1.0) }));
    }

    [Test]
    public void A_large_heat_map_is_a_few_paths()
    {
        var values = new double[101, 101];
        for (int i = 0; i < 101; i++)
        {
            values[i, i] = 0.7;
            values[i, (i * 7) % 101] += 0.01;
        }

        var page = Page.Of(new HeatMap("h", values) { High = 1 });

        var paths = page.Descendants("path").ToArray();
        Assert.That(paths, Has.Length.InRange(2, 16));
        Assert.That(paths.Sum(path => path.Attribute("d")!.Value.Count(c => c == 'M')), Is.EqualTo(201), "all values above nothing, however small");
        Assert.That(page.Texts(), Does.Contain("100").And.Not.Contain("0.70"));
    }

    [Test]
    public void Heat_maps_without_cells_or_values_can_be_drawn()
    {
        var page = Page.Of(new HeatMap("h", new double[0, 0]), new HeatMap("h", new double[0, 3]), new HeatMap("h", new[,] { { double.NaN } }), new HeatMap("h", new[,] { { double.PositiveInfinity, 1 } }));

        Assert.That(page.Descendants("svg").Count(svg => svg.Attribute("role") is not null), Is.EqualTo(4));
        Assert.That(page.Descendants().Attributes().Select(attribute => attribute.Value), Has.None.Contains("NaN").And.None.Contains("∞"));
    }

    [Test]
    public void Bars_are_as_long_as_their_values_with_whiskers_of_the_spread()
    {
        var page = Page.Of(new BarChart("b", ["one", "two"], [new("s", [new MeanStd(10, 2, 3), new MeanStd(20)])]));

        var bars = page.Descendants("rect").ToArray();
        Assert.That(bars[1].Number("width"), Is.EqualTo(2 * bars[0].Number("width")).Within(0.1));
        var whisker = page.Descendants("line").First(line => line.Has("class", "spread"));
        Assert.That(whisker.Number("x2") - whisker.Number("x1"), Is.EqualTo(0.4 * bars[0].Number("width")).Within(0.2));
        Assert.That((whisker.Number("x1") + whisker.Number("x2")) / 2, Is.EqualTo(bars[0].Number("x") + bars[0].Number("width")).Within(0.1));
        Assert.That(page.Texts(), Does.Contain("10.0 ± 2.0").And.Contain("20.0"));
    }

    [Test]
    public void Bars_below_zero_and_missing_ones_can_be_drawn()
    {
        var page = Page.Of(new BarChart("b", ["one", "two", "three"], [new("s", [-5, double.NaN, 5])]), new BarChart("b", [], []), new BarChart("b", ["none"], []));

        var bars = page.Descendants("rect").ToArray();
        Assert.That(bars, Has.Length.EqualTo(2));
        Assert.That(bars[0].Number("x") + bars[0].Number("width"), Is.EqualTo(bars[1].Number("x")).Within(0.1));
        Assert.That(page.Texts(), Does.Contain("–"));
    }

    [Test]
    public void Numbers_of_a_table_are_aligned_with_room_for_the_spread()
    {
        var table = new ReportTable("t", ["R@1", "taken for"], [new("a", [ReportCell.Percent(MeanStd.Of(0.84, 0.85)), "Archery"]), new("b", [ReportCell.Percent(0.5), "Bowling"]), new("c", ["–", "–"])]);

        var page = Page.Of(new RunReport("t") { Sections = [new() { Tables = [table] }] });

        var rows = page.Descendants("tbody").Single().Elements().Select(row => row.Elements("td").ToArray()).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(rows.Select(row => row[0].Value), Is.EqualTo(new[] { "84.5 ± 0.7 %", "50.0 %", "–" }));
            Assert.That(rows.Select(row => row[0].Attribute("class")), Is.All.Null);
            Assert.That(rows.Select(row => row[1].Attribute("class")!.Value), Is.All.EqualTo("text"));
            Assert.That(rows.Select(row => row[0].Element("span")!.Attribute("style")!.Value).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
        });
    }

    [Test]
    public void Pictures_are_embedded_with_what_they_are()
    {
        var png = new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10 };
        var page = Page.Of(new ThumbnailGrid("g", [new("row", [Sample.Picture("query", ThumbnailMark.Reference), new(png, "found", ThumbnailMark.Correct), new(default, "lost", ThumbnailMark.Incorrect)])]));

        var items = page.Descendants("li").ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(items.Select(item => item.Attribute("class")!.Value), Is.EqualTo(new[] { "reference", "right", "wrong" }));
            Assert.That(items.Select(item => item.Element("span")!.Value), Is.EqualTo(new[] { "query", "✓ found", "✗ lost" }));
            Assert.That(items[0].Element("img")!.Attribute("src")!.Value, Does.StartWith("data:image/jpeg;base64,/9j/"));
            Assert.That(items[1].Element("img")!.Attribute("src")!.Value, Is.EqualTo("data:image/png;base64," + Convert.ToBase64String(png)));
            Assert.That(items[1].Element("img")!.Attribute("alt")!.Value, Is.EqualTo("correct: found"));
            Assert.That(items[2].Element("div")!.Value, Is.EqualTo("no picture"));
        });
    }

    private static (double X, double Y)[] Starts(string path) =>
        [.. Start().Matches(path).Select(match => (double.Parse(match.Groups["x"].Value, CultureInfo.InvariantCulture), double.Parse(match.Groups["y"].Value, CultureInfo.InvariantCulture)))];

    [GeneratedRegex(@"M(?<x>[\d.]+) (?<y>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Start();
}
