using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr.Cli;

/// <summary>The result of a classifier in a report.</summary>
internal static class ClassifierSections
{
    public static IReadOnlyList<ReportSection> Of(string title, string text, ClassificationResult result, VideoSet videos)
    {
        var confusion = ConfusionMatrix.Of(result.Labels, result.Predictions, videos.Classes);
        bool five = videos.Classes.Count > 5;
        var figures = new List<ReportFigure>();
        if (result.AccuracyByClips.Count > 1)
        {
            figures.Add(new LineChart("Accuracy by clips", "clips of a video", [ReportSeries.Numbered("top 1", result.AccuracyByClips.Select(share => 100 * share))]) { YLabel = "accuracy in %" });
        }

        if (result.Epochs.Count > 0)
        {
            figures.Add(new LineChart("Training loss", "epoch", [ReportSeries.Numbered("cross-entropy", result.Epochs.Select(epoch => epoch.Loss))]) { YLabel = "loss" });
        }

        return
        [
            new ReportSection(title)
            {
                Text = text,
                Tables =
                [
                    Accuracy(result, five),
                ],
                Figures = figures,
            },
            new ReportSection("Confusion") { Tables = confusion.MostConfused() is [] ? [] : [confusion.ToTable("Most confused")], Figures = [confusion.ToHeatMap("All classes")] },
        ];
    }

    // The authors of TCLR report the best of the tested epochs, which the test set selects.
    private static ReportTable Accuracy(ClassificationResult result, bool five)
    {
        bool trained = result.Epochs.Count > 0, selected = result.Epochs.Count(epoch => epoch.TestAccuracy is not null) > 1;
        string[] columns = ["top 1", .. five ? (string[])["top 5"] : [], .. trained ? (string[])["epochs"] : []];
        var rows = new List<ReportRow>
        {
            new(trained ? "after the last epoch" : "test videos",
            [
                ReportCell.Percent(result.Accuracy),
                .. five ? (ReportCell[])[ReportCell.Percent(result.AccuracyAt(5))] : [],
                .. trained ? (ReportCell[])[ReportCell.Number(result.Epochs.Count, "0")] : [],
            ]),
        };
        if (selected)
        {
            var best = result.Best!;
            rows.Add(new("best tested epoch (selected on the test set)", [ReportCell.Percent(best.TestAccuracy!.Value), .. five ? (ReportCell[])[new("")] : [], ReportCell.Number(best.Epoch + 1, "0")]));
        }

        return new ReportTable("Accuracy", columns, rows)
        {
            RowHeading = "accuracy",
            Caption = selected ? "The best epoch is selected on the test set, so its accuracy is optimistic." : string.Empty,
        };
    }
}
