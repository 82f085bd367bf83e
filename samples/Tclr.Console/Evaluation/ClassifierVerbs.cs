using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr.Cli;

/// <summary>Linear probe, fine-tuning and few labels.</summary>
internal static class ClassifierVerbs
{
    public static async Task<IReadOnlyList<ReportSection>> LinearAsync(Job job, CancellationToken cancellationToken)
    {
        var options = Probe(job.Options);
        if (job.Options.Augmented)
        {
            var result = await LinearProbe.TrainAsync(job.Model.Encoder, job.Classified(), options, progress: job.Epochs("Linear probe", options.Epochs), cancellationToken: cancellationToken);
            return Sections("Linear probe", "A linear layer on the frozen encoder, which sees other clips and augmentations of the training videos in every epoch.", result, job.Videos);
        }

        using var features = await job.ClipFeaturesAsync(cancellationToken);
        var probed = LinearProbe.Train(
            features.TrainingMeans, job.TrainingLabels, features.Test, job.TestLabels, options, job.Epochs("Linear probe", options.Epochs), cancellationToken);
        return Sections("Linear probe", "A linear layer on the mean features of the training videos' clips. A test video is judged by the mean of its clips' probabilities.", probed, job.Videos);
    }

    public static async Task<IReadOnlyList<ReportSection>> FineTuneAsync(Job job, CancellationToken cancellationToken)
    {
        var options = FineTuningOptions.Tclr with { Seed = job.Options.Seed, Epochs = job.Options.Epochs ?? FineTuningOptions.Tclr.Epochs, BatchSize = job.Options.BatchSize ?? FineTuningOptions.Tclr.BatchSize };
        var result = await FineTuning.TrainAsync(job.Model.Encoder, job.Classified(), options, progress: job.Epochs("Fine-tuning", options.Epochs), cancellationToken: cancellationToken);
        return Sections("Fine-tuning", "Encoder and linear layer trained on the labeled training videos. A test video is judged by the mean of its clips' probabilities.", result, job.Videos);
    }

    public static async Task<IReadOnlyList<ReportSection>> LowShotAsync(Job job, CancellationToken cancellationToken)
    {
        using var features = await job.ClipFeaturesAsync(cancellationToken);
        var options = new LowShotOptions { Seed = job.Options.Seed };
        var bar = job.Display.Add("Linear probes", options.Shares.Count * options.Subsets);
        int done = 0;
        var rows = await LowShot.ProbeAsync(
            features.TrainingMeans, job.TrainingLabels, features.Test, job.TestLabels, options, Probe(job.Options), new Callback<LowShotSubset>(_ => bar.Report(Interlocked.Increment(ref done))), cancellationToken);
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

    private static LinearProbeOptions Probe(EvaluateOptions options)
        => LinearProbeOptions.Tclr with { Seed = options.Seed, Epochs = options.Epochs ?? LinearProbeOptions.Tclr.Epochs, BatchSize = options.BatchSize ?? LinearProbeOptions.Tclr.BatchSize };

    private static string Name(LowShotRow row) => FormattableString.Invariant($"{100 * row.Share:0.#} %");

    private static IReadOnlyList<ReportSection> Sections(string title, string text, ClassificationResult result, VideoSet videos)
    {
        var confusion = ConfusionMatrix.Of(result.Labels, result.Predictions, videos.Classes);
        bool five = videos.Classes.Count > 5;
        var figures = new List<ReportFigure>();
        if (result.AccuracyByClips.Count > 1)
        {
            figures.Add(new LineChart("Accuracy by clips", "clips of a video", [ReportSeries.Numbered("top 1", result.AccuracyByClips.Select(share => 100 * share))]) { YLabel = "accuracy in %" });
        }

        figures.Add(new LineChart("Training loss", "epoch", [ReportSeries.Numbered("cross-entropy", result.Epochs.Select(epoch => epoch.Loss))]) { YLabel = "loss" });
        return
        [
            new ReportSection(title)
            {
                Text = text,
                Tables =
                [
                    new ReportTable("Accuracy", five ? ["top 1", "top 5", "epochs"] : ["top 1", "epochs"],
                    [
                        new("test videos",
                        [
                            ReportCell.Percent(result.Accuracy),
                            .. five ? (ReportCell[])[ReportCell.Percent(result.AccuracyAt(5))] : [],
                            ReportCell.Number(result.Epochs.Count, "0"),
                        ]),
                    ]) { RowHeading = "judged on" },
                ],
                Figures = figures,
            },
            new ReportSection("Confusion") { Tables = confusion.MostConfused() is [] ? [] : [confusion.ToTable("Most confused")], Figures = [confusion.ToHeatMap("All classes")] },
        ];
    }
}
