// Writes a report of a run (of TenLines): one HTML file with figures and tables, and the same numbers as JSON and CSV.
using Tclr;
using Tclr.Evaluation;
using Tclr.Reports;

string run = args.Length > 0 ? args[0] : "ten-lines";
using var pretrained = PretrainedEncoder.Load(run);
var recipe = pretrained.Recipe;
var metrics = TrainingMetrics.Read(Path.Combine(run, "metrics.jsonl"));
double[] losses = [.. metrics["loss"].Select(point => point.Value)];

var report = new RunReport($"Training of {recipe.Name}")
{
    Summary = $"{losses.Length} steps of {recipe.BatchSize} videos.",
    Settings =
    [
        new("encoder", RecipeRegistry.Default.NameOf(recipe.Encoder)),
        new("clips", $"{recipe.Clips.Length} frames of {recipe.Clips.Size}x{recipe.Clips.Size}"),
        new("checkpoint", pretrained.Source),
    ],
    Sections =
    [
        new ReportSection("Loss")
        {
            Text = "Terms of the loss over the steps.",
            Tables =
            [
                new ReportTable("First and last step", ["loss"],
                [
                    new ReportRow("first", [ReportCell.Number(losses[0])]),
                    new ReportRow("last", [ReportCell.Number(losses[^1])]),
                ]),
            ],
            Figures = [metrics.ToLossChart("Loss terms")],
        },
    ],
    Recipe = recipe.ToJson(),
};
report.SaveHtml("report.html");
report.SaveJson("report.json");
report.SaveCsv("report.csv");
Console.WriteLine($"loss {losses[0]:0.00} -> {losses[^1]:0.00}: report.html, report.json, report.csv");
