using Tclr;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Reports;

namespace MyPretraining;

/// <summary>Evaluates the newest checkpoint by nearest-neighbor retrieval and writes the report of the run.</summary>
internal static class RunEvaluation
{
    private static readonly int[] Neighbors = [1, 5];

    public static async Task RunAsync(Settings settings, TclrRecipe recipe, VideoIndex videos, CancellationToken cancellationToken)
    {
        var metrics = TrainingMetrics.Read(Path.Combine(settings.Output, "metrics.jsonl"));
        var sections = new List<ReportSection> { new("Training") { Figures = [metrics.ToLossChart("Loss terms")] } };

        // Every second video of a class is a query, the others are the gallery.
        var second = videos.Items.GroupBy(item => item.ClassIndex).SelectMany(items => items.Where((_, i) => i % 2 == 1)).ToHashSet();
        var gallery = videos.Where(item => !second.Contains(item));
        var queries = videos.Where(second.Contains);
        if (queries.Items.Count > 0)
        {
            sections.Insert(0, await RetrieveAsync(settings, gallery, queries, cancellationToken));
        }
        else
        {
            Console.WriteLine("No retrieval: it needs a class with two videos. Put the videos of a class into a sub-folder.");
        }

        var report = new RunReport($"Pretraining with {recipe.Name}") { Sections = sections, Recipe = recipe.ToJson() };
        string path = Path.Combine(settings.Output, "report.html");
        report.SaveHtml(path);
        report.SaveJson(Path.ChangeExtension(path, ".json"));
        Console.WriteLine($"Report: {path}");
    }

    private static async Task<ReportSection> RetrieveAsync(Settings settings, VideoIndex gallery, VideoIndex queries, CancellationToken cancellationToken)
    {
        using var pretrained = PretrainedEncoder.Load(settings.Output, new PretrainedEncoderOptions { Device = settings.Device });
        var extractor = new FeatureExtractor(pretrained.Encoder);
        using var known = await extractor.ExtractAsync(pretrained.CreateClips(gallery, clips: 4), progress: Show("gallery", gallery), cancellationToken: cancellationToken);
        using var asked = await extractor.ExtractAsync(pretrained.CreateClips(queries, clips: 4), progress: Show("queries", queries), cancellationToken: cancellationToken);
        int[] neighbors = [.. Neighbors.Where(k => k <= gallery.Items.Count)];
        var found = Retrieval.Evaluate(
            asked.Values, [.. queries.Items.Select(item => item.ClassIndex)],
            known.Values, [.. gallery.Items.Select(item => item.ClassIndex)],
            new RetrievalOptions { Neighbors = neighbors }, cancellationToken: cancellationToken);
        double chance = queries.Items.Average(query => gallery.Items.Count(item => item.ClassIndex == query.ClassIndex)) / gallery.Items.Count;
        Console.WriteLine($"{string.Join(", ", neighbors.Select(k => $"R@{k} {found.RecallAt(k):0.0 %}"))} (R@1 by chance: {chance:0.0 %})");
        return new ReportSection("Retrieval")
        {
            Text = $"Share of the queries, every second video of a class, with a video of their class among the k nearest of the others. By chance, R@1 is {chance:0.0 %}.",
            Tables = [new ReportTable("Recall", [.. neighbors.Select(k => $"R@{k}")], [new ReportRow("this run", [.. neighbors.Select(k => ReportCell.Percent(found.RecallAt(k)))])])],
            Figures = [found.ToThumbnails("Examples", queries, gallery, cancellationToken: cancellationToken)],
        };
    }

    private static Progress<int> Show(string what, VideoIndex videos) => new(done =>
    {
        if (done % 20 == 0 || done == videos.Items.Count)
        {
            Console.WriteLine($"features of the {what}: {done}/{videos.Items.Count} videos");
        }
    });
}
