namespace Tclr.Reports.Tests;

public sealed class LineChartTests
{
    [Test]
    public void Points_stay_within_the_chart_and_go_up_with_the_value()
    {
        var lines = Page.Lines(new ReportSeries("a", [(0, 3), (80, 1), (160, 0.5)]), new ReportSeries("b", [(0, -2), (160, 2)]));

        Assert.That(lines.SelectMany(line => line).Select(p => p.X), Is.All.InRange(16, 386));
        Assert.That(lines.SelectMany(line => line).Select(p => p.Y), Is.All.InRange(10, 214));
        Assert.That(lines[0].Select(p => p.Y), Is.Ordered.Ascending);
        Assert.That(lines[1][1].Y, Is.LessThan(lines[1][0].Y));
        Assert.That(lines[0][1].X, Is.EqualTo((lines[0][0].X + lines[0][2].X) / 2).Within(0.06));
    }

    [Test]
    public void A_gap_is_where_a_value_is_missing()
    {
        var lines = Page.Lines(new ReportSeries("a", [(0, 1), (1, 2), (2, double.NaN), (3, 4), (4, 5), (5, double.PositiveInfinity)]));

        Assert.That(lines.Select(line => line.Length), Is.EqualTo(new[] { 2, 2 }));
    }

    [Test]
    public void Long_lines_are_thinned_out_and_keep_their_peaks()
    {
        var points = Enumerable.Range(0, 10_000).Select(i => ((double)i, i == 5_003 ? 50.0 : i % 7)).ToList();
        points[17] = (17, double.NaN);

        var line = Page.Lines(new ReportSeries("a", points)).Single();

        Assert.That(line, Has.Length.InRange(300, 400));
        Assert.That(line.Select(p => p.X), Is.Ordered);
        Assert.That(line.Min(p => p.Y), Is.EqualTo(10).Within(0.1), "the peak at the top");
        Assert.That(line.Max(p => p.Y), Is.EqualTo(214).Within(0.1));
    }

    [Test]
    public void A_long_gap_of_a_long_line_stays_one()
    {
        var lines = Page.Lines(new ReportSeries("a", [.. Enumerable.Range(0, 10_000).Select(i => ((double)i, i is > 4_000 and < 6_000 ? double.NaN : 1))]));

        Assert.That(lines, Has.Length.EqualTo(2));
    }

    [TestCase(0)]
    [TestCase(1e-9)]
    [TestCase(-5)]
    [TestCase(1e12)]
    [TestCase(84.2)]
    [TestCase(double.MaxValue)]
    [TestCase(-double.MaxValue)]
    [TestCase(double.Epsilon)]
    public void Odd_ranges_can_be_drawn(double value)
    {
        var lines = Page.Lines(new ReportSeries("a", [(0, value)]), new ReportSeries("b", [(0, value), (1, value)]), new ReportSeries("none", []), new ReportSeries("x", [(value, 0)]));

        Assert.That(lines.SelectMany(line => line).Select(p => p.Y), Is.All.InRange(10, 214));
        Assert.That(lines, Has.Length.EqualTo(3));
    }

    [Test]
    public void A_chart_without_values_says_so()
    {
        var page = Page.Of(new LineChart("c", "x", []), new LineChart("c", "x", [new("a", [(double.NaN, 1)])]));

        Assert.That(page.Texts(), Has.Exactly(2).EqualTo("no values"));
    }

    [Test]
    public void Axes_have_round_numbers_with_the_digits_they_need()
    {
        string[] Texts(params (double X, double Y)[] points) => [.. Page.Of(new LineChart("c", string.Empty, [new("a", points)])).Texts()];

        Assert.Multiple(() =>
        {
            Assert.That(Texts((1, 0.1), (10, 0.9)), Is.EqualTo(new[] { "0.0", "0.2", "0.4", "0.6", "0.8", "1.0", "2", "4", "6", "8", "10" }));
            Assert.That(Texts((0, 84), (160, 86)), Is.EqualTo(new[] { "84.0", "84.5", "85.0", "85.5", "86.0", "0", "50", "100", "150" }));
            Assert.That(Texts((0, -1), (1, 1)), Is.EqualTo(new[] { "-1.0", "-0.5", "0.0", "0.5", "1.0", "0.0", "0.2", "0.4", "0.6", "0.8", "1.0" }));
            Assert.That(Texts((0, 0), (4e6, 4e-7)), Is.EqualTo(new[] { "0", "1e-7", "2e-7", "3e-7", "4e-7", "0", "1e6", "2e6", "3e6", "4e6" }));
        });
    }

    [Test]
    public void Lines_of_many_series_differ_by_dashes_and_the_legend_has_an_end()
    {
        var page = Page.Of(new LineChart("c", "x", [.. Enumerable.Range(0, 40).Select(i => new ReportSeries($"s{i}", [(0, i), (1, i)]))]));

        Assert.That(page.Descendants("polyline").Take(32).Select(line => line.Attribute("style")!.Value).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(32));
        Assert.That(page.Descendants("li").Last().Value, Is.EqualTo("and 8 more"));
        Assert.That(page.Descendants("polyline").Last().Element("title")!.Value, Is.EqualTo("s39"));
    }
}
