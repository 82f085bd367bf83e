using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr.Cli;

/// <summary>Retrieval: do a test video's nearest training videos share its class?</summary>
internal static class RetrievalVerb
{
    public static async Task<IReadOnlyList<ReportSection>> RunAsync(Job job, CancellationToken cancellationToken)
    {
        var protocol = job.Protocol.Retrieval;
        var (gallery, queries) = await job.StoresAsync(protocol.Pooling, cancellationToken);
        using var first = gallery;
        using var second = queries;
        int[] ks = [.. protocol.Options.Neighbors.Where(k => k <= gallery.Count)];
        var found = Retrieval.Evaluate(queries, job.TestLabels, gallery, job.TrainingLabels, protocol.Options with { Neighbors = ks }, cancellationToken: cancellationToken);
        return
        [
            new ReportSection("Retrieval")
            {
                Text = $"The training videos nearest to each test video by cosine similarity, {(protocol.Pooling == FeaturePooling.Timesteps ? "of features that keep the timesteps" : "of mean features")}{(protocol.Options.Centered ? ", centered" : string.Empty)}.",
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
