using System.Text;
using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr.Fuzz;

/// <summary>A recipe: read, written, read again, and given to a builder.</summary>
internal sealed class RecipeTarget() : FuzzTarget("recipe", "recipe.json")
{
    public override IReadOnlyList<string> Tokens { get; } =
        [.. TclrRecipes.All.Values.SelectMany(make => make().ToJson().Split('\n')).Select(line => line.Trim()).Where(line => line.Length > 2).Distinct(StringComparer.Ordinal), "\"kind\":", "\"timesteps\":4", "\"statistics\":"];

    public override IEnumerable<byte[]> Prepare(string folder) => TclrRecipes.All.Values.Select(make => Encoding.UTF8.GetBytes(make().ToJson()));

    public override void Read(string path)
    {
        var recipe = TclrRecipe.Load(path);
        string json = recipe.ToJson();
        if (!string.Equals(TclrRecipe.FromJson(json).ToJson(), json, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("the recipe changed when it was written and read");
        }

        try
        {
            new TclrTrainerBuilder().UseRecipe(recipe);
            recipe.Clips.CreateSampler();
            recipe.Clips.CreateTestSampler();
            recipe.Clips.CreateAugmentation();
            recipe.Clips.CreateTestAugmentation();
        }
        catch (ArgumentException)
        {
            // A part out of its range, as documented.
        }
    }
}

/// <summary>A report's JSON.</summary>
internal sealed class ReportTarget() : FuzzTarget("report", "report.json")
{
    public override IReadOnlyList<string> Tokens { get; } = ["\"type\":\"table\"", "\"type\":\"line_chart\"", "\"sections\":", "\"figures\":", "\"rows\":", "\"columns\":", "\"value\":", "\"std\":", "\"runs\":", "\"cells\":", "\"points\":[[0,1]]"];

    public override IEnumerable<byte[]> Prepare(string folder) =>
    [
        Encoding.UTF8.GetBytes(new RunReport("a")
        {
            Settings = [new("b", "c")],
            Sections =
            [
                new("d")
                {
                    Tables = [new("e", ["f"], [new("g", [ReportCell.Percent(MeanStd.Of(0.5, 0.6))])])],
                    Figures =
                    [
                        new LineChart("h", "i", [new("j", [(0, 1), (1, 2)])]),
                        new ScatterPlot("k", [new("l", [(0, 1)])]),
                        new HeatMap("m", new double[,] { { 1, 0.2 } }) { Rows = ["n"] },
                        new BarChart("o", ["p"], [new("q", [MeanStd.Of(1, 2)])]),
                        new ThumbnailGrid("r", [new("s", [Thumbnail.FromRgb(new byte[12], 2, 2, "t", ThumbnailMark.None), new(default, "u")])]),
                    ],
                },
            ],
        }.ToJson()),
    ];

    public override void Read(string path)
    {
        var report = RunReport.FromJson(File.ReadAllText(path));
        try
        {
            report.ToHtml();
            report.ToCsv();
        }
        catch (ArgumentException)
        {
            // An inconsistent report, as documented.
        }
    }

    public override bool IsTyped(Exception exception) => exception is InvalidDataException;
}

/// <summary>The metrics of a run.</summary>
internal sealed class MetricsTarget() : FuzzTarget("metrics", "metrics.jsonl")
{
    public override IReadOnlyList<string> Tokens { get; } = ["\"step\":", "\"loss\":", "\"terms\":{", "\"NaN\"", "\"-Infinity\"", "1e400"];

    public override IEnumerable<byte[]> Prepare(string folder) => [Encoding.UTF8.GetBytes("{\"step\":1,\"loss\":2.5,\"terms\":{\"local\":1}}\n{\"step\":2,\"loss\":\"NaN\",\"terms\":{}}\n")];

    public override void Read(string path)
    {
        var metrics = TrainingMetrics.Read(path);
        foreach (string name in metrics.Names)
        {
            _ = metrics[name];
        }
    }

    public override bool IsTyped(Exception exception) => exception is InvalidDataException;
}
