using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr.Cli;

/// <summary>Retrieval: do a test video's nearest training videos share its class?</summary>
internal static class RetrievalVerb
{
    public static async Task<IReadOnlyList<ReportSection>> RunAsync(Job job, CancellationToken cancellationToken)
    {
        // TCLR keeps the timesteps, DualVar takes their mean and centers.
        var pooling = job.Options.Center ? FeaturePooling.Mean : FeaturePooling.Timesteps;
        var (gallery, queries) = await job.StoresAsync(pooling, cancellationToken);
        using var first = gallery;
        using var second = queries;
        int[] ks = [.. RetrievalOptions.DualVar.Neighbors.Where(k => k <= gallery.Count)];
        var options = new RetrievalOptions { Neighbors = ks, Centered = job.Options.Center };
        var found = Retrieval.Evaluate(queries, job.TestLabels, gallery, job.TrainingLabels, options, cancellationToken: cancellationToken);
        return
        [
            new ReportSection("Retrieval")
            {
                Text = $"Each test video looks for its nearest training videos by cosine, of features that {(job.Options.Center ? "are means over time and centered, as of DualVar" : "keep the timesteps, as of TCLR")}.",
                Tables =
                [
                    new ReportTable("Recall", [.. ks.Select(k => FormattableString.Invariant($"R@{k}"))],
                    [
                        new(RecipeRegistry.Default.NameOf(job.Model.Recipe.Encoder), [.. ks.Select(k => ReportCell.Percent(found.RecallAt(k)))]),
                        new("by chance", [.. ks.Select(k => ReportCell.Percent(Chance(job, k)))]),
                    ])
                    {
                        RowHeading = "method",
                        Caption = "R@k: share of test videos with a training video of their class among the k nearest.",
                    },
                ],
                Figures = [found.ToThumbnails("Examples", job.Videos.Queries, job.Videos.Gallery, job.Reader, cancellationToken: cancellationToken)],
            },
        ];
    }

    // k training videos drawn without looking: 1 less the probability that all are of other classes.
    private static double Chance(Job job, int k)
    {
        int all = job.TrainingLabels.Length;
        int[] counts = [.. job.Videos.Classes.Select((_, label) => job.TrainingLabels.Count(other => other == label))];
        return job.TestLabels.Average(label => 1 - Enumerable.Range(0, k).Aggregate(1.0, (none, i) => none * Math.Max(0, all - counts[label] - i) / (all - i)));
    }
}
