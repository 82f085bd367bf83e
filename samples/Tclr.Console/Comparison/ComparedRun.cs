using System.Text.Json.Nodes;
using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr.Cli;

/// <summary>A run with what it and its evaluations have written.</summary>
/// <param name="Name">The shortest end of its path that no other run has.</param>
/// <param name="Metrics">Metrics of the steps.</param>
/// <param name="Monitor">Measurements during training; <see langword="null"/> if there are none.</param>
/// <param name="Recipe">Settings of the recipe by path, such as <c>clips.length</c>; empty without a recipe.</param>
/// <param name="Evaluations">Reports of evaluations.</param>
internal sealed record ComparedRun(string Name, TrainingMetrics Metrics, TrainingMetrics? Monitor, IReadOnlyDictionary<string, string> Recipe, IReadOnlyList<ComparedEvaluation> Evaluations)
{
    private const string MetricsFile = "metrics.jsonl";
    private const string MonitorFile = "monitor.jsonl";
    private const string RecipeFile = "recipe.json";

    /// <summary>Reads runs.</summary>
    /// <exception cref="UsageException">A folder is not that of a run.</exception>
    public static IReadOnlyList<ComparedRun> ReadAll(IReadOnlyList<string> folders, string output)
    {
        string[][] paths = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)).Split(Path.DirectorySeparatorChar))];
        int parts = Enumerable.Range(1, paths.Max(path => path.Length)).First(count => paths.Select(path => End(path, count)).Distinct(StringComparer.Ordinal).Count() == paths.Length);
        return [.. folders.Select((folder, i) => Read(folder, End(paths[i], parts), output))];

        static string End(string[] path, int count) => string.Join('/', path.TakeLast(count));
    }

    private static ComparedRun Read(string folder, string name, string output)
    {
        string metrics = Path.Combine(folder, MetricsFile), monitor = Path.Combine(folder, MonitorFile), recipe = Path.Combine(folder, RecipeFile);
        if (!File.Exists(metrics))
        {
            throw new UsageException($"RUN: expected the folder of a run with {MetricsFile} in it, got '{folder}', {(Directory.Exists(folder) ? "which has none" : "which is not there")}");
        }

        return new ComparedRun(name, TrainingMetrics.Read(metrics), File.Exists(monitor) ? TrainingMetrics.Read(monitor) : null, File.Exists(recipe) ? Settings(recipe) : new Dictionary<string, string>(StringComparer.Ordinal), ComparedEvaluation.ReadAll(folder, output));
    }

    private static Dictionary<string, string> Settings(string file)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        Collect(JsonNode.Parse(TclrRecipe.Load(file).ToJson()), string.Empty);
        return settings;

        void Collect(JsonNode? node, string path)
        {
            if (node is JsonObject values)
            {
                foreach (var (key, value) in values)
                {
                    Collect(value, path.Length > 0 ? $"{path}.{key}" : key);
                }
            }
            else
            {
                settings[path] = node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString() ?? "none";
            }
        }
    }
}

/// <summary>A result of <c>tclr evaluate</c>.</summary>
/// <param name="Title">What was evaluated, such as <c>Retrieval</c>.</param>
/// <param name="Link">The report, relative to the comparison.</param>
/// <param name="Values">Results by name, such as <c>R@1</c>, in percent.</param>
internal sealed record ComparedEvaluation(string Title, string Link, IReadOnlyDictionary<string, MeanStd> Values)
{
    private static readonly string[] Tables = ["Recall", "Accuracy"];

    /// <summary>Reads the reports in a folder and below it: every .json file beside an .html file of the same name.</summary>
    public static IReadOnlyList<ComparedEvaluation> ReadAll(string folder, string output)
    {
        string own = Path.GetFullPath(Path.ChangeExtension(output, ".json")), home = Path.GetDirectoryName(own)!;
        var found = Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(file => File.Exists(Path.ChangeExtension(file, ".html")) && !string.Equals(Path.GetFullPath(file), own, StringComparison.Ordinal))
            .Select(file => (File: file, Evaluation: Read(file, home))).Where(entry => entry.Evaluation is not null).ToList();
        var titles = found.CountBy(entry => entry.Evaluation!.Title, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return [.. found.Select(entry => titles[entry.Evaluation!.Title] == 1 ? entry.Evaluation : entry.Evaluation with { Title = $"{entry.Evaluation.Title} ({Path.ChangeExtension(Path.GetRelativePath(folder, entry.File), null)})" })];
    }

    // The first row is that of the encoder, the last epoch or the fewest labels; reports of other kinds have no such table.
    private static ComparedEvaluation? Read(string file, string home)
    {
        var tables = from section in RunReport.FromJson(File.ReadAllText(file)).Sections
                     from table in section.Tables
                     where Tables.Contains(table.Title, StringComparer.Ordinal) && table.Rows.Count > 0
                     select (section.Title, Table: table);
        if (tables.FirstOrDefault() is not { Table: { } result } first)
        {
            return null;
        }

        string link = string.Join('/', Path.GetRelativePath(home, Path.ChangeExtension(file, ".html")).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
        var values = result.Columns.Zip(result.Rows[0].Cells).Where(pair => pair.Second.Value is not null && pair.Second.Text.EndsWith('%'));
        return new ComparedEvaluation(first.Title, $"./{link}", new OrderedDictionary<string, MeanStd>(values.Select(pair => KeyValuePair.Create(pair.First, pair.Second.Value!)), StringComparer.Ordinal));
    }
}
