using System.Globalization;
using System.Xml.Linq;

namespace Tclr.Reports.Tests;

public sealed class RunReportTests
{
    private TemporaryFolder folder = null!;

    private static RunReport Quick => new("TCLR on nine classes")
    {
        Settings = [new("seed", "11"), new("steps", "160")],
        Sections =
        [
            new()
            {
                Tables = [new("Retrieval", ["R@1", "R@5"], [new("IC", ["37.3 %", "89.6 %"]), new("TCLR", ["50.2 %", "94.4 %"])])],
                Figures = [new LineChart("Loss", "step", [new("total", [(0, 49.5), (80, 30.25), (160, 12)]), new("local_local", [(0, 24.5), (160, 3.5)])])],
            },
        ],
    };

    [SetUp]
    public void Create() => folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void The_page_is_well_formed_and_complete()
    {
        var page = Page.Of(Quick);

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
    public void A_cell_links_to_another_report_or_page([Values("evaluation/retrieval.html", "../other run/report.html#part-2", "https://example.org/a?b=1&c=2")] string link)
    {
        var page = Page.Of(With(link));

        Assert.That(page.Descendants("td").Single().Element("a")!.Attribute("href")!.Value, Is.EqualTo(link));
    }

    [Test]
    public void A_link_that_runs_code_is_refused([Values("javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "\u0001javascript:alert(1)", "data:text/html,x", "file:///etc/passwd")] string link)
        => Assert.That(() => With(link).ToHtml(), Throws.ArgumentException.With.Message.Contains("expected a relative path or an http address as link in row 'r' of table 't'"));

    [Test]
    public void Sections_follow_with_their_text_tables_and_figures()
    {
        var report = Quick with
        {
            Summary = "First.\r\n\r\nSecond.",
            Recipe = "\n{\n  \"seed\": 11\n}",
            Sections = [.. Quick.Sections, new("Classes") { Text = "One.\n\nTwo,\nstill two.", Tables = [new("Pairs", ["n"], [])], Figures = [new ScatterPlot("Map", []) { Caption = "Points." }] }],
        };

        var page = Page.Of(report);

        Assert.Multiple(() =>
        {
            Assert.That(page.Descendants("h2").Select(h => h.Value), Is.EqualTo(new[] { "Retrieval", "Loss", "Classes", "Settings", "Recipe" }));
            Assert.That(page.Descendants("h3").Select(h => h.Value), Is.EqualTo(new[] { "Pairs", "Map" }));
            Assert.That(page.Descendants("p").Select(p => p.Value), Is.EqualTo(new[] { "First.", "Second.", "One.", "Two,\nstill two." }));
            Assert.That(page.Descendants("figcaption").Single().Value, Is.EqualTo("Points."));
            Assert.That(page.Descendants("pre").Single().Value, Is.EqualTo("\n" + report.Recipe), "a browser drops the first line break after the tag");
        });
    }

    [TestCase(3, 0)]
    [TestCase(4, 4)]
    public void Many_sections_have_a_table_of_contents(int sections, int links)
    {
        var page = Page.Of(new RunReport("t") { Sections = [.. Enumerable.Range(0, sections).Select(i => new ReportSection($"<part {i}>"))] });

        var targets = page.Descendants("a").Select(link => link.Attribute("href")!.Value[1..]).ToList();
        Assert.That(targets, Has.Count.EqualTo(links));
        Assert.That(targets, Is.SubsetOf(page.Descendants("h2").Attributes("id").Select(id => id.Value)));
    }

    [Test]
    public void The_page_needs_nothing_else()
    {
        string html = Sample.With("x").ToHtml();

        Assert.Multiple(() =>
        {
            Assert.That(html, Does.Not.Contain("http:").And.Not.Contain("https:").And.Not.Contain("<script").And.Not.Contain("<link").And.Not.Contain("url(").And.Not.Contain("@import"));
            Assert.That(html, Does.Contain("prefers-color-scheme").And.Contain("@media print").And.Contain("name=\"viewport\"").And.StartWith("<!DOCTYPE html>"));
            Assert.That(html, Does.Contain("content=\"default-src 'none';style-src 'unsafe-inline';img-src data:\""));
        });
    }

    [TestCase("<b a=\"1\">&'")]
    [TestCase("<script>alert(1)</script>")]
    [TestCase("]]>--><!--</style></svg></title>")]
    [TestCase("a\nb\r\nc\td")]
    [TestCase("\u202Eright to left\u202C עברית")]
    [TestCase("\u0000\u0001\u001F\u007F\uFFFE")]
    [TestCase("\uD800 half a pair \uDC00")]
    [TestCase("🎥 e\u0301\u0301\u0301")]
    [TestCase("")]
    public void Any_text_is_encoded_everywhere(string text)
    {
        var page = Page.Of(Sample.With(text));
        string[] names = [.. Page.Of(Sample.With("plain")).Descendants().Select(element => element.Name.LocalName).Distinct(StringComparer.Ordinal)];

        Assert.That(page.Descendants().Select(element => element.Name.LocalName).Distinct(StringComparer.Ordinal), Is.SubsetOf(names));
        Assert.That(page.Descendants().Attributes().Select(a => a.Name.LocalName), Has.None.StartsWith("on").And.None.EqualTo("a"));
    }

    [Test]
    public void Hostile_text_arrives_as_it_is()
    {
        const string Evil = "<b a=\"1\">&'";

        var page = Page.Of(Sample.With(Evil));

        string[] whole = ["title", "h1", "h2", "h3", "p", "a", "th", "td", "dt", "dd", "figcaption", "text", "li", "span"];
        foreach (string name in whole)
        {
            Assert.That(page.Descendants(name).Select(element => element.Value), Has.Some.EqualTo(Evil), name);
        }
    }

    [Test]
    public void Numbers_do_not_depend_on_the_culture()
    {
        var report = Sample.With("x");
        string[] expected = [report.ToHtml(), report.ToJson(), report.ToCsv()];
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.That(new[] { report.ToHtml(), report.ToJson(), report.ToCsv() }, Is.EqualTo(expected));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void Parts_must_fit_together()
    {
        Assert.Multiple(() =>
        {
            Rejects(new("t") { Sections = [new() { Tables = [new("Retrieval", ["R@1", "R@5"], [new("IC", ["1"])])] }] }, "expected 2 cells in row 'IC' of table 'Retrieval', got 1");
            Rejects(With(new HeatMap("m", new double[2, 3]) { Rows = ["a"] }), "expected 2 names or none in Rows of heat map 'm', got 1");
            Rejects(With(new HeatMap("m", new double[2, 3]) { Columns = ["a", "b"] }), "expected 3 names or none in Columns of heat map 'm', got 2");
            Rejects(With(new BarChart("b", ["x", "y"], [new("s", [1])])), "expected 2 values in series 's' of bar chart 'b', got 1");
            Rejects(With(new ThumbnailGrid("g", [new("r", [new(new byte[] { 1, 2, 3 }, "c")])])), "expected JPEG or PNG in picture 'c' of 'g', got 3 bytes of something else");
        });

        static RunReport With(ReportFigure figure) => new("t") { Sections = [new("s") { Figures = [figure] }] };

        static void Rejects(RunReport report, string message)
        {
            Assert.That(report.ToHtml, Throws.ArgumentException.With.Message.Contains(message));
            Assert.That(report.ToJson, Throws.ArgumentException.With.Message.Contains(message));
            Assert.That(report.ToCsv, Throws.ArgumentException.With.Message.Contains(message));
        }
    }

    [Test]
    public void Saving_replaces_the_file_and_leaves_nothing_else()
    {
        string path = folder["new/report.html"];
        new RunReport("old").SaveHtml(path);
        Quick.SaveHtml(path);

        Assert.That(File.ReadAllText(path), Is.EqualTo(Quick.ToHtml()));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void Json_and_csv_are_saved_alike()
    {
        Quick.SaveJson(folder["r.json"]);
        Quick.SaveCsv(folder["r.csv"]);

        Assert.That(File.ReadAllText(folder["r.json"]), Is.EqualTo(Quick.ToJson()));
        Assert.That(File.ReadAllText(folder["r.csv"]), Is.EqualTo(Quick.ToCsv()));
    }

    [Test]
    public void A_path_that_cannot_be_written_is_named_before_the_work_and_after()
    {
        string file = folder["file"];
        File.WriteAllText(file, string.Empty);
        string below = Path.Combine(file, "report.html");

        foreach (var save in (Action<string>[])[Quick.SaveHtml, Quick.SaveJson, Quick.SaveCsv, RunReport.EnsureWritable])
        {
            Assert.That(() => save(below), Throws.InstanceOf<IOException>().With.Message.Contains($"The report could not be written to '{below}'"));
            Assert.That(() => save(folder.Path), Throws.InstanceOf<IOException>().With.Message.Contains($"'{folder.Path}': it is a folder"));
            Assert.That(() => save(" "), Throws.ArgumentException);
        }

        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { file }));
    }

    [Test]
    public void A_path_that_can_be_written_is_left_as_it_was()
    {
        File.WriteAllText(folder["report.html"], "old");

        RunReport.EnsureWritable(folder["report.html"]);
        RunReport.EnsureWritable(folder["new/report.html"]);

        Assert.That(File.ReadAllText(folder["report.html"]), Is.EqualTo("old"));
        Assert.That(Directory.EnumerateFileSystemEntries(folder["new"]), Is.Empty);
    }

    private static RunReport With(string link) => new("t") { Sections = [new() { Tables = [new("t", ["c"], [new("r", [new ReportCell("x") { Link = link }])])] }] };
}
