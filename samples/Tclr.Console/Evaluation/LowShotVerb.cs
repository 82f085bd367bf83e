using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr.Cli;

/// <summary>Accuracy with few labels, by fine-tuning or on features.</summary>
internal static class LowShotVerb
{
    public static async Task<IReadOnlyList<ReportSection>> RunAsync(Job job, CancellationToken cancellationToken)
    {
        var options = job.Protocol.LowShot;
        int total = options.Shares.Count * options.Subsets;
        var done = new LowShotFile(job);
        IReadOnlyList<LowShotRow> rows;
        if (job.Options.OnFeatures)
        {
            using var features = await job.ClipFeaturesAsync(cancellationToken);
            var bar = job.Display.Add("Linear probes", total);
            int count = 0;
            rows = await LowShot.ProbeAsync(
                features.TrainingMeans, job.TrainingLabels, features.Test, job.TestLabels, options, job.Protocol.LinearProbe.Options, new Callback<LowShotSubset>(_ => bar.Report(Interlocked.Increment(ref count))), cancellationToken);
        }
        else
        {
            var bar = job.Display.Add("Fine-tuning with few labels", total);
            int count = 0;
            rows = await LowShot.RunAsync(
                job.TrainingLabels,
                async (subset, token) => done.Find(subset) ?? done.Keep(subset, await FineTuneAsync(job, subset, epoch => bar.Report(count + epoch, FormattableString.Invariant($"({100 * subset.Share:0.#} %, subset {subset.Number + 1})")), token)),
                options,
                new Callback<LowShotSubset>(_ => bar.Report(++count)),
                cancellationToken);
        }

        return [Section(job, rows, total, job.Options.OnFeatures ? "linear probe" : "fine-tuning")];
    }

    private static async Task<double> FineTuneAsync(Job job, LowShotSubset subset, Action<double> report, CancellationToken cancellationToken)
    {
        var protocol = job.Protocol.FineTuning;
        var chosen = subset.Items.Select(place => job.Videos.Gallery.Items[place]).ToHashSet();
        var videos = protocol.CreateVideos(job.Videos.Gallery.Where(chosen.Contains), job.Videos.Queries, job.Reader, job.Loading);

        // Each subset starts from the pre-trained weights.
        using var model = Pretrained.Load(job.Options);
        var progress = new Callback<ClassifierEpoch>(epoch => report((epoch.Epoch + 1.0) / (protocol.Options.Epochs + 1)));
        return (await FineTuning.TrainAsync(model.Encoder, videos, protocol.Options, progress: progress, cancellationToken: cancellationToken)).Accuracy;
    }

    private static ReportSection Section(Job job, IReadOnlyList<LowShotRow> rows, int total, string method)
    {
        int draws = job.Protocol.LowShot.Subsets, done = rows.Sum(row => row.Accuracies.Count);
        string stopped = done < total ? FormattableString.Invariant($" Stopped after {done} of {total} subsets.") : string.Empty;
        return new ReportSection("Few labels")
        {
            Text = FormattableString.Invariant($"{(method is "fine-tuning" ? "Fine-tuning with" : "A linear layer on features of")} a part of the training videos: the same share of each class, one video at least, {draws} random subsets of each share.{stopped}"),
            Tables =
            [
                new ReportTable("Accuracy", ["videos", "mean", .. Enumerable.Range(1, draws).Select(draw => FormattableString.Invariant($"subset {draw}"))],
                [
                    .. rows.Select(row => new ReportRow(Name(row),
                    [
                        ReportCell.Number(row.Videos, "0"),
                        ReportCell.Percent(MeanStd.Of(row.Accuracies)),
                        .. Enumerable.Range(0, draws).Select(draw => draw < row.Accuracies.Count ? ReportCell.Percent(row.Accuracies[draw]) : new ReportCell("-")),
                    ])),
                ])
                {
                    RowHeading = "labels",
                    Caption = "Top-1 accuracy after the last epoch; mean and sample standard deviation over the subsets.",
                },
            ],
            Figures =
            [
                new BarChart("Accuracy by labels", [.. rows.Select(row => FormattableString.Invariant($"{Name(row)}, {row.Videos} videos"))], [new(method, [.. rows.Select(row => MeanStd.Of(row.Accuracies).Times(100))])])
                {
                    XLabel = "accuracy in %",
                    Caption = "The line on a bar is the standard deviation over the subsets.",
                },
            ],
        };
    }

    private static string Name(LowShotRow row) => FormattableString.Invariant($"{100 * row.Share:0.#} %");
}
