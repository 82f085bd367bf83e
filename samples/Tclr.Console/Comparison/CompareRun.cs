using Tclr.Core;
using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr.Cli;

/// <summary>Several runs to one report.</summary>
internal sealed class CompareRun(CompareOptions options)
{
    private const string KnnAccuracy = "knn_top1";

    public Task RunAsync(CancellationToken cancellationToken)
    {
        options.Check();
        RunReport.EnsureWritable(options.Output);
        var runs = ComparedRun.ReadAll(options.Runs, options.Output);
        cancellationToken.ThrowIfCancellationRequested();
        var report = Report(runs);
        report.SaveHtml(options.Output);
        report.SaveJson(Path.ChangeExtension(options.Output, ".json"));
        report.SaveCsv(Path.ChangeExtension(options.Output, ".csv"));
        Tables.Show(report.Sections[0].Tables[0]);
        Terminal.Note($"Report: {options.Output}, with .json and .csv beside it.");
        return Task.CompletedTask;
    }

    private static RunReport Report(IReadOnlyList<ComparedRun> runs)
    {
        string[] titles = [.. runs.SelectMany(run => run.Evaluations).Select(evaluation => evaluation.Title).Distinct(StringComparer.Ordinal)];
        string[] terms = [.. runs.SelectMany(run => run.Metrics.Terms).Distinct(StringComparer.Ordinal)];
        IEnumerable<ReportSection?> sections =
        [
            new ReportSection { Tables = [Overview(runs, titles)] },
            Lines("Loss", runs, [(MetricNames.Loss, "Total loss", "loss"), .. terms.Select(term => (term, term, "loss"))]),
            Lines("Learning rate", runs, [(MetricNames.LearningRate, "Learning rate by step", "learning rate")]),
            Lines("Throughput", runs, [(MetricNames.ClipsPerSecond, "Clips through the encoder", "clips/s"), (MetricNames.DataWaitSeconds, "Wait for data", "s per step")]),
            Lines("Health", runs, [(MetricNames.EmbeddingDeviation, "Embedding deviation: 0 is collapse", "deviation"), (MetricNames.TemporalSimilarity, "Similarity of timesteps", "cosine"), (MetricNames.GradientNorm, "Gradient norm", "norm")]),
            Lines("kNN accuracy during training", runs, [(KnnAccuracy, "kNN accuracy", "accuracy")], run => run.Monitor),
            .. titles.Select(title => Evaluation(runs, title)),
            Differences(runs),
        ];
        return new RunReport($"Comparison of {runs.Count} runs") { Sections = [.. sections.OfType<ReportSection>()] };
    }

    private static ReportTable Overview(IReadOnlyList<ComparedRun> runs, string[] titles)
    {
        bool monitored = runs.Any(run => Last(run.Monitor, KnnAccuracy) is not null);
        string[][] results = [.. titles.Select(title => Of(runs, title).SelectMany(values => values?.Values.Keys ?? []).Distinct(StringComparer.Ordinal).Take(1).ToArray())];
        string[] columns = ["recipe", "steps", "loss", "clips/s", .. monitored ? (string[])["kNN"] : [], .. titles.Zip(results).SelectMany(pair => pair.Second.Select(name => $"{pair.First}, {name}"))];
        return new ReportTable("Runs", columns, [.. runs.Select(run => new ReportRow(run.Name,
        [
            run.Recipe.GetValueOrDefault("name", "-"),
            ReportCell.Number(Steps(run), "0"),
            Last(run.Metrics, MetricNames.Loss) is { } loss ? ReportCell.Number(loss) : "-",
            Median(run.Metrics, MetricNames.ClipsPerSecond) is { } rate ? ReportCell.Number(rate, "0.0") : "-",
            .. monitored ? (ReportCell[])[Last(run.Monitor, KnnAccuracy) is { } accuracy ? ReportCell.Percent(accuracy) : "-"] : [],
            .. titles.Zip(results).SelectMany(pair => pair.Second.Select(name => Cell(run, pair.First, name))),
        ]))])
        {
            RowHeading = "run",
            Caption = $"Loss: that of the last step. Clips/s: the median over the steps.{(monitored ? " kNN: the last measurement during training." : string.Empty)}{(titles.Length > 0 ? " Results link to the report of the evaluation." : " Evaluate a run with --out RUN/evaluation to compare its results.")}",
        };

        static ReportCell Cell(ComparedRun run, string title, string name)
            => run.Evaluations.FirstOrDefault(evaluation => string.Equals(evaluation.Title, title, StringComparison.Ordinal)) is { } found && found.Values.TryGetValue(name, out var value)
                ? new ReportCell($"{value.ToString("0.0")} %", value) { Link = found.Link }
                : "-";
    }

    // A figure for each metric that a run has, with a line for each run.
    private static ReportSection? Lines(string title, IReadOnlyList<ComparedRun> runs, IEnumerable<(string Metric, string Title, string Label)> figures, Func<ComparedRun, TrainingMetrics?>? source = null)
    {
        source ??= run => run.Metrics;
        var charts = figures.Select(figure => new LineChart(figure.Title, MetricNames.Step, [.. runs.Where(run => Has(source(run), figure.Metric)).Select(run => new ReportSeries(run.Name, source(run)![figure.Metric]))]) { YLabel = figure.Label })
            .Where(chart => chart.Series.Count > 0).ToArray();
        return charts.Length > 0 ? new ReportSection(title) { Figures = charts } : null;
    }

    private static ReportSection Evaluation(IReadOnlyList<ComparedRun> runs, string title)
    {
        string[] names = [.. Of(runs, title).SelectMany(found => found?.Values.Keys ?? []).Distinct(StringComparer.Ordinal)];
        var series = runs.Zip(Of(runs, title)).Where(pair => pair.Second is not null)
            .Select(pair => new BarSeries(pair.First.Name, [.. names.Select(name => pair.Second!.Values.GetValueOrDefault(name, double.NaN))]));
        return new ReportSection(title) { Figures = [new BarChart("Results", names, [.. series]) { XLabel = "%" }] };
    }

    private static ReportSection? Differences(IReadOnlyList<ComparedRun> runs)
    {
        var rows = runs.SelectMany(run => run.Recipe.Keys).Distinct(StringComparer.Ordinal)
            .Select(key => new ReportRow(key, [.. runs.Select(run => new ReportCell(run.Recipe.GetValueOrDefault(key, "-")))]))
            .Where(row => row.Cells.Select(cell => cell.Text).Distinct(StringComparer.Ordinal).Count() > 1).ToArray();
        return rows.Length > 0 ? new ReportSection("Recipes") { Tables = [new ReportTable("Settings that differ", [.. runs.Select(run => run.Name)], rows) { RowHeading = "setting" }] } : null;
    }

    private static IEnumerable<ComparedEvaluation?> Of(IReadOnlyList<ComparedRun> runs, string title)
        => runs.Select(run => run.Evaluations.FirstOrDefault(evaluation => string.Equals(evaluation.Title, title, StringComparison.Ordinal)));

    private static bool Has(TrainingMetrics? metrics, string name) => metrics?.Names.Contains(name, StringComparer.Ordinal) == true;

    private static double? Last(TrainingMetrics? metrics, string name) => Has(metrics, name) ? metrics![name][^1].Value : null;

    // Every step has a learning rate, a skipped one too.
    private static double Steps(ComparedRun run) => Has(run.Metrics, MetricNames.LearningRate) ? run.Metrics[MetricNames.LearningRate][^1].Step : 0;

    private static double? Median(TrainingMetrics metrics, string name)
    {
        double[] values = Has(metrics, name) ? [.. metrics[name].Select(point => point.Value).Where(double.IsFinite).Order()] : [];
        return values.Length > 0 ? values[values.Length / 2] : null;
    }
}
