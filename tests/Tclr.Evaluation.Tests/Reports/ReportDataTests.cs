using System.Text.Json.Nodes;

namespace Tclr.Evaluation.Tests;

public sealed class ReportDataTests
{
    private static RunReport Report => new("t")
    {
        Settings = [new("seed", "11")],
        Recipe = "{}",
        Tables = [new("Recall", ["R@1"], [new("TCLR", [ReportCell.Percent(MeanAndSpread.Of(0.5, 0.6))]), new("other", ["n/a"])])],
        Sections =
        [
            new("Part")
            {
                Figures =
                [
                    new LineChart("Loss", "step", [new("total", [(-1, 2.5), (1, double.NaN)])]) { YLabel = "loss" },
                    new ScatterPlot("Map", [new("a", [(1, 2)])]),
                    new HeatMap("Heat", new[,] { { 1, double.PositiveInfinity } }) { Rows = ["r"] },
                    new BarChart("Bars", ["x"], [new("s", [new MeanAndSpread(3, 0.5, 4)])]),
                    new ThumbnailGrid("Pictures", [new("row", [Sample.Picture("p", ThumbnailMark.Right)])]),
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
            Assert.That(table["rows"]![0]!["cells"]![0]!["spread"]!.GetValue<double>(), Is.EqualTo(7.0710678).Within(1e-6));
            Assert.That(table["rows"]![0]!["cells"]![0]!["runs"]!.GetValue<int>(), Is.EqualTo(2));
            Assert.That(table["rows"]![1]!["cells"]![0]!.ToJsonString(), Is.EqualTo("""{"text":"n/a"}"""));
            Assert.That(figures.Select(figure => figure!["kind"]!.GetValue<string>()), Is.EqualTo(new[] { "lines", "scatter", "heat_map", "bars", "thumbnails" }));
            Assert.That(figures[0]!["series"]!.ToJsonString(), Is.EqualTo("""[{"name":"total","points":[[-1,2.5],[1,null]]}]"""));
            Assert.That(figures[1]!["groups"]!.ToJsonString(), Is.EqualTo("""[{"name":"a","points":[[1,2]]}]"""));
            Assert.That(figures[2]!["values"]!.ToJsonString(), Is.EqualTo("[[1,null]]"));
            Assert.That(figures[3]!["series"]!.ToJsonString(), Is.EqualTo("""[{"name":"s","values":[{"value":3,"spread":0.5,"runs":4}]}]"""));
            Assert.That(figures[4]!["rows"]!.ToJsonString(), Is.EqualTo("""[{"name":"row","images":[{"caption":"p","mark":"right"}]}]"""));
        });
    }

    [Test]
    public void Csv_has_a_line_for_each_number_or_text()
        => Assert.That(Report.ToCsv().Split('\n'), Is.EqualTo(new[]
        {
            "section,kind,title,row,column,value,spread,runs,text",
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
        string csv = new RunReport("t") { Settings = [new("=1+1", "@cmd")], Tables = [new("T", ["-c"], [new("+r", [ReportCell.Number(-2)])])] }.ToCsv();

        Assert.That(csv, Does.Contain(",setting,,\"'=1+1\",,,,,\"'@cmd\"\n").And.Contain(",table,T,\"'+r\",\"'-c\",-2,,,"));
    }
}
