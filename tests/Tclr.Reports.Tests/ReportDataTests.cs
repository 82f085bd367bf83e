using System.Text.Json.Nodes;

namespace Tclr.Reports.Tests;

public sealed class ReportDataTests
{
    private static RunReport Report => new("t")
    {
        Settings = [new("seed", "11")],
        Recipe = "{}",
        Sections =
        [
            new() { Tables = [new("Recall", ["R@1"], [new("TCLR", [ReportCell.Percent(MeanStd.Of(0.5, 0.6))]), new("other", ["n/a"])])] },
            new("Part")
            {
                Figures =
                [
                    new LineChart("Loss", "step", [new("total", [(-1, 2.5), (1, double.NaN)])]) { YLabel = "loss" },
                    new ScatterPlot("Map", [new("a", [(1, 2)])]),
                    new HeatMap("Heat", new[,] { { 1, double.PositiveInfinity } }) { Rows = ["r"] },
                    new BarChart("Bars", ["x"], [new("s", [new MeanStd(3, 0.5, 4)])]),
                    new ThumbnailGrid("Pictures", [new("row", [Sample.Picture("p", ThumbnailMark.Correct)])]),
                ],
            },
        ],
    };

    [Test]
    public void Json_has_what_the_page_shows()
    {
        var json = JsonNode.Parse(Report.ToJson())!;

        var table = json["sections"]![0]!["tables"]![0]!;
        var figures = json["sections"]![1]!["figures"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(json["title"]!.GetValue<string>(), Is.EqualTo("t"));
            Assert.That(json["settings"]!.ToJsonString(), Is.EqualTo("""[{"name":"seed","value":"11"}]"""));
            Assert.That(table["columns"]!.ToJsonString(), Is.EqualTo("""["R@1"]"""));
            Assert.That(table["rows"]![0]!["cells"]![0]!["value"]!.GetValue<double>(), Is.EqualTo(55).Within(1e-9));
            Assert.That(table["rows"]![0]!["cells"]![0]!["std"]!.GetValue<double>(), Is.EqualTo(7.0710678).Within(1e-6));
            Assert.That(table["rows"]![0]!["cells"]![0]!["runs"]!.GetValue<int>(), Is.EqualTo(2));
            Assert.That(table["rows"]![1]!["cells"]![0]!.ToJsonString(), Is.EqualTo("""{"text":"n/a"}"""));
            Assert.That(figures.Select(figure => figure!["kind"]!.GetValue<string>()), Is.EqualTo(new[] { "lines", "scatter", "heat_map", "bars", "thumbnails" }));
            Assert.That(figures[0]!["series"]!.ToJsonString(), Is.EqualTo("""[{"name":"total","points":[[-1,2.5],[1,null]]}]"""));
            Assert.That(figures[1]!["groups"]!.ToJsonString(), Is.EqualTo("""[{"name":"a","points":[[1,2]]}]"""));
            Assert.That(figures[2]!["values"]!.ToJsonString(), Is.EqualTo("[[1,null]]"));
            Assert.That(figures[3]!["series"]!.ToJsonString(), Is.EqualTo("""[{"name":"s","values":[{"value":3,"std":0.5,"runs":4}]}]"""));
            Assert.That(figures[4]!["rows"]!.ToJsonString(), Is.EqualTo("""[{"name":"row","images":[{"caption":"p","mark":"right"}]}]"""));
        });
    }

    [Test]
    public void Csv_has_a_line_for_each_number_or_text()
        => Assert.That(Report.ToCsv().Split('\n'), Is.EqualTo(new[]
        {
            "section,kind,title,row,column,value,std,runs,text",
            ",table,Recall,TCLR,R@1,55.00000000000001,7.071067811865474,2,55.0 ± 7.1 %",
            ",table,Recall,other,R@1,,,,n/a",
            "Part,lines,Loss,total,-1,2.5,,,",
            "Part,lines,Loss,total,1,NaN,,,",
            "Part,scatter,Map,a,1,2,,,",
            "Part,heat_map,Heat,r,1,1,,,",
            "Part,heat_map,Heat,r,2,Infinity,,,",
            "Part,bars,Bars,s,x,3,0.5,4,",
            "Part,thumbnails,Pictures,row,1,,,,p",
            ",setting,,seed,,,,,11",
            ",recipe,,,,,,,{}",
            string.Empty,
        }));

    [Test]
    public void Json_is_read_back()
    {
        string json = Sample.With("text").ToJson();

        var report = RunReport.FromJson(json);

        Assert.That(report.ToJson(), Is.EqualTo(json));
        Assert.That(report.Sections[1].Figures.Select(figure => figure.GetType()), Is.EqualTo(new[] { typeof(ScatterPlot), typeof(HeatMap), typeof(BarChart), typeof(ThumbnailGrid) }));
        Assert.That(report.Sections[1].Tables[0].Rows[0].Cells[0], Is.EqualTo(ReportCell.Percent(MeanStd.Of(0.5, 0.6)) with { Link = "./other%20report.html" }));
        Assert.That(((ThumbnailGrid)report.Sections[1].Figures[3]).Rows[0].Images[1], Is.EqualTo(new Thumbnail(default, "text", ThumbnailMark.Incorrect)), "without its picture");
    }

    [Test]
    public void Numbers_that_json_lacks_are_read_as_nan()
    {
        var report = RunReport.FromJson(Report.ToJson());

        var figures = report.Sections[1].Figures;
        Assert.That(((LineChart)figures[0]).Series[0].Points, Is.EqualTo(new[] { (-1, 2.5), (1, double.NaN) }));
        Assert.That(((HeatMap)figures[2]).Values[0, 1], Is.NaN);
    }

    [TestCase("", "expected the JSON of a report")]
    [TestCase("null", "expected the JSON of a report")]
    [TestCase("[]", "expected the JSON of a report")]
    [TestCase("""{"title":"t","sections":[{"title":"s","figures":[{"kind":"pie","title":"p"}]}]}""", "pie")]
    [TestCase("""{"title":"t","sections":[{"title":"s","figures":[{"kind":"heat_map","title":"m","values":[[1],[2,3]]}]}]}""", "expected rows of 1 numbers, got 2")]
    [TestCase("""{"title":"t","sections":[{"title":"s","tables":[{"title":"m","columns":["c"],"rows":[{"name":"r","cells":[{"value":1}]}]}]}]}""", "expected the JSON of a report")]
    public void Other_json_is_refused(string json, string message)
        => Assert.That(() => RunReport.FromJson(json), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(message));

    [TestCase("<script>,\"quoted\"\nnext")]
    [TestCase("\uD800 half \u0000")]
    [TestCase("\u202Ertl")]
    public void Any_text_can_be_written(string text)
    {
        var report = Sample.With(text);

        Assert.That(JsonNode.Parse(report.ToJson())!["title"]!.GetValue<string>(), Has.Length.EqualTo(text.Length));
        Assert.That(report.ToCsv(), Does.StartWith("section,"));
    }

    [Test]
    public void A_name_is_no_formula()
    {
        string csv = new RunReport("t") { Settings = [new("=1+1", "@cmd")], Sections = [new() { Tables = [new("T", ["-c"], [new("+r", [ReportCell.Number(-2)])])] }] }.ToCsv();

        Assert.That(csv, Does.Contain(",setting,,\"'=1+1\",,,,,\"'@cmd\"\n").And.Contain(",table,T,\"'+r\",\"'-c\",-2,,,"));
    }
}
