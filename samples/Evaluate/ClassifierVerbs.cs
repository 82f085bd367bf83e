using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr.Samples.Evaluate;

/// <summary>Linear probe and fine-tuning.</summary>
internal static class ClassifierVerbs
{
    public static async Task<IReadOnlyList<ReportSection>> LinearAsync(Job job, CancellationToken cancellationToken)
    {
        var options = LinearProbeOptions.Tclr with { Seed = job.Options.Seed, Epochs = job.Options.Epochs ?? LinearProbeOptions.Tclr.Epochs, BatchSize = job.Options.BatchSize ?? LinearProbeOptions.Tclr.BatchSize };
        if (job.Options.Augmented)
        {
            var result = await LinearProbe.TrainAsync(job.Model.Encoder, job.Classified(), options, progress: job.Epochs("Linear probe", options.Epochs), cancellationToken: cancellationToken);
            return Sections("Linear probe", "A linear layer on the frozen encoder, which sees other clips and augmentations of the training videos in every epoch.", result, job.Videos);
        }

        using var features = await ClipFeatures.OfAsync(job, cancellationToken);
        var probed = LinearProbe.Train(
            features.TrainingMeans, job.Videos.TrainingLabels, features.Test, job.Videos.TestLabels, options, job.Epochs("Linear probe", options.Epochs), cancellationToken);
        return Sections("Linear probe", "A linear layer on the mean features of the training videos' clips. A test video is judged by the mean of its clips' probabilities.", probed, job.Videos);
    }

    public static async Task<IReadOnlyList<ReportSection>> FineTuneAsync(Job job, CancellationToken cancellationToken)
    {
        var options = FineTuningOptions.Tclr with { Seed = job.Options.Seed, Epochs = job.Options.Epochs ?? FineTuningOptions.Tclr.Epochs, BatchSize = job.Options.BatchSize ?? FineTuningOptions.Tclr.BatchSize };
        var result = await FineTuning.TrainAsync(job.Model.Encoder, job.Classified(), options, progress: job.Epochs("Fine-tuning", options.Epochs), cancellationToken: cancellationToken);
        return Sections("Fine-tuning", "Encoder and linear layer trained on the labeled training videos. A test video is judged by the mean of its clips' probabilities.", result, job.Videos);
    }

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
