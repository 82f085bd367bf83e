using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr.Cli;

/// <summary>The kNN classifier: the nearest training videos vote for the class of a test video.</summary>
internal static class KnnVerb
{
    public static async Task<IReadOnlyList<ReportSection>> RunAsync(Job job, CancellationToken cancellationToken)
    {
        var (gallery, queries) = await job.StoresAsync(FeaturePooling.Mean, cancellationToken);
        using var first = gallery;
        using var second = queries;
        using var known = gallery.ReadAll();
        using var asked = queries.ReadAll();
        var options = job.Protocol.Knn;
        var result = KnnClassifier.Evaluate(asked.Values, job.TestLabels, known.Values, job.TrainingLabels, options, cancellationToken: cancellationToken);
        return ClassifierSections.Of(
            "kNN classifier",
            FormattableString.Invariant($"The {options.Neighbors} training videos nearest to a test video vote for its class with the weight exp(cos / {options.Temperature})."),
            result,
            job.Videos);
    }
}
