using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr.Samples.Evaluate;

/// <summary>How far do a few labels go?</summary>
internal static class FewLabelsVerb
{
    public static async Task<IReadOnlyList<ReportSection>> RunAsync(Job job, CancellationToken cancellationToken)
    {
        using var features = await ClipFeatures.OfAsync(job, cancellationToken);
        var options = new LowShotOptions { Seed = job.Options.Seed };
        var probe = LinearProbeOptions.Tclr with { Seed = job.Options.Seed, Epochs = job.Options.Epochs ?? LinearProbeOptions.Tclr.Epochs, BatchSize = job.Options.BatchSize ?? LinearProbeOptions.Tclr.BatchSize };
        var bar = job.Bars.AddTask("Linear probes", maxValue: options.Shares.Count * options.Subsets);
        var rows = await LowShot.ProbeAsync(
            features.TrainingMeans, job.Videos.TrainingLabels, features.Test, job.Videos.TestLabels, options, probe, new Progress<LowShotSubset>(_ => bar.Increment(1)), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return
        [
            new ReportSection("Few labels")
            {
                Text = FormattableString.Invariant($"A linear layer on features of a part of the training videos: the same share of each class, one video at least, {options.Subsets} random subsets of each share."),
                Tables =
                [
                    new ReportTable("Accuracy", ["videos", "accuracy"], [.. rows.Select(row => new ReportRow(Name(row), [ReportCell.Number(row.Videos, "0"), ReportCell.Percent(MeanStd.Of(row.Accuracies))]))])
                    {
                        RowHeading = "labels",
                        Caption = "Mean and standard deviation over the subsets.",
                    },
                ],
                Figures =
                [
                    new BarChart("Accuracy by labels", [.. rows.Select(row => FormattableString.Invariant($"{Name(row)}, {row.Videos} videos"))], [new("linear probe", [.. rows.Select(row => MeanStd.Of(row.Accuracies).Times(100))])])
                    {
                        XLabel = "accuracy in %",
                        Caption = "The line on a bar is the standard deviation over the subsets.",
                    },
                ],
            },
        ];
    }

    private static string Name(LowShotRow row) => FormattableString.Invariant($"{100 * row.Share:0.#} %");
}
