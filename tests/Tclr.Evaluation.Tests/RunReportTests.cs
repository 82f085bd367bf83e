using System.Globalization;
using System.Xml.Linq;
using Tclr.Testing;

namespace Tclr.Evaluation.Tests;

public sealed class RunReportTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Create() => folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void The_page_is_well_formed_and_complete()
    {
        var page = Parse(Sample().ToHtml());

        Assert.Multiple(() =>
        {
            Assert.That(page.Descendants("h1").Single().Value, Is.EqualTo("TCLR on nine classes"));
            Assert.That(page.Descendants("h2").Select(h => h.Value), Is.EqualTo(new[] { "Retrieval", "Loss", "Settings" }));
            Assert.That(page.Descendants("tr").Last().Elements().Select(cell => cell.Value), Is.EqualTo(new[] { "TCLR", "50.2 %", "94.4 %" }));
            Assert.That(page.Descendants("dt").Zip(page.Descendants("dd"), (k, v) => $"{k.Value}={v.Value}"), Is.EqualTo(new[] { "seed=11", "steps=160" }));
            Assert.That(page.Descendants("li").Select(li => li.Value), Is.EqualTo(new[] { "total", "local_local" }));
            Assert.That(page.Descendants("polyline").Count(), Is.EqualTo(2));
        });
    }

    [Test]
    public void The_page_needs_nothing_else()
    {
        string html = Sample().ToHtml();

        Assert.Multiple(() =>
        {
            Assert.That(html, Does.Not.Contain("http").And.Not.Contain("<script").And.Not.Contain("<link").And.Not.Contain("url("));
            Assert.That(html, Does.Contain("prefers-color-scheme").And.Contain("name=\"viewport\"").And.StartWith("<!DOCTYPE html>"));
        });
    }

    [Test]
    public void Text_is_encoded_everywhere()
    {
        const string Evil = "<b a=\"1\">&'";
        var report = new RunReport(Evil)
        {
            Settings = [new(Evil, Evil)],
            Tables = [new(Evil, [Evil], [new(Evil, [Evil])])],
            Charts = [new(Evil, Evil, [new(Evil, [(0, 1), (1, 2)])])],
        };

        var page = Parse(report.ToHtml());

        Assert.That(page.Descendants("b"), Is.Empty);
        Assert.That(page.Descendants().Count(element => string.Equals(element.Value, Evil, StringComparison.Ordinal) && !element.HasElements), Is.EqualTo(11));
    }

    [Test]
    public void Points_stay_within_the_chart_and_go_up_with_the_value()
    {
        var lines = Lines(new ReportSeries("a", [(0, 3), (80, 1), (160, 0.5)]), new ReportSeries("b", [(0, -2), (160, 2)]));

        Assert.That(lines.SelectMany(line => line).Select(p => p.X), Is.All.InRange(44, 388));
        Assert.That(lines.SelectMany(line => line).Select(p => p.Y), Is.All.InRange(8, 204));
        Assert.That(lines[0].Select(p => p.Y), Is.Ordered.Ascending);
        Assert.That(lines[1][1].Y, Is.LessThan(lines[1][0].Y));
    }

    [Test]
    public void A_gap_is_where_a_value_is_missing()
    {
        var lines = Lines(new ReportSeries("a", [(0, 1), (1, 2), (2, double.NaN), (3, 4), (4, 5), (5, double.PositiveInfinity)]));

        Assert.That(lines.Select(line => line.Length), Is.EqualTo(new[] { 2, 2 }));
    }

    [Test]
    public void Long_lines_are_thinned_out()
    {
        var lines = Lines(new ReportSeries("a", [.. Enumerable.Range(0, 100_000).Select(i => ((double)i, (double)(i % 7)))]));

        Assert.That(lines.Single(), Has.Length.LessThanOrEqualTo(400));
    }

    [TestCase(0)]
    [TestCase(1e-9)]
    [TestCase(-5)]
    [TestCase(1e12)]
    public void Odd_ranges_can_be_drawn(double value)
    {
        var lines = Lines(new ReportSeries("a", [(0, value)]), new ReportSeries("b", [(0, value), (1, value)]), new ReportSeries("none", []));

        Assert.That(lines.SelectMany(line => line).Select(p => p.Y), Is.All.InRange(8, 204));
    }

    [Test]
    public void Numbers_do_not_depend_on_the_culture()
    {
        string expected = Sample().ToHtml();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.That(Sample().ToHtml(), Is.EqualTo(expected));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void Rows_must_fill_the_table()
    {
        var report = new RunReport("t") { Tables = [new("Retrieval", ["R@1", "R@5"], [new("IC", ["1"])])] };

        Assert.That(report.ToHtml, Throws.ArgumentException.With.Message.Contains("expected 2 cells in row 'IC' of table 'Retrieval', got 1"));
    }

    [Test]
    public void Saving_replaces_the_file_and_leaves_nothing_else()
    {
        string path = folder["new/report.html"];
        new RunReport("old").Save(path);
        Sample().Save(path);

        Assert.That(File.ReadAllText(path), Is.EqualTo(Sample().ToHtml()));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void A_path_that_cannot_be_written_is_named()
    {
        string file = folder["file"];
        File.WriteAllText(file, string.Empty);

        Assert.That(
            () => Sample().Save(Path.Combine(file, "report.html")),
            Throws.InstanceOf<IOException>().With.Message.Contains($"The report could not be written to '{Path.Combine(file, "report.html")}'"));
        Assert.That(() => Sample().Save(folder.Path), Throws.InstanceOf<IOException>().With.Message.Contains(folder.Path));
        Assert.That(() => Sample().Save(" "), Throws.ArgumentException);
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { file }));
    }

    private static RunReport Sample() => new("TCLR on nine classes")
    {
        Settings = [new("seed", "11"), new("steps", "160")],
        Tables = [new("Retrieval", ["R@1", "R@5"], [new("IC", ["37.3 %", "89.6 %"]), new("TCLR", ["50.2 %", "94.4 %"])])],
        Charts = [new("Loss", "step", [new("total", [(0, 49.5), (80, 30.25), (160, 12)]), new("local_local", [(0, 24.5), (160, 3.5)])])],
    };

    private static (double X, double Y)[][] Lines(params ReportSeries[] series)
    {
        var page = Parse(new RunReport("t") { Charts = [new("c", "step", series)] }.ToHtml());
        return
        [
            .. page.Descendants("polyline").Select(line => line.Attribute("points")!.Value.Split(' ').Select(point =>
            {
                string[] parts = point.Split(',');
                return (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
            }).ToArray()),
        ];
    }

    /// <summary>Reads the page as XML, but for its two void elements.</summary>
    private static XElement Parse(string html) => XElement.Parse(
        html["<!DOCTYPE html>".Length..]
            .Replace("<meta charset=\"utf-8\">", string.Empty, StringComparison.Ordinal)
            .Replace("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">", string.Empty, StringComparison.Ordinal));
}
