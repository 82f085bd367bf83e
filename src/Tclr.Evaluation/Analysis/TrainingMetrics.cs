using System.Globalization;
using System.Text.Json;
using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>Reads the metrics that a trainer wrote.</summary>
/// <example><code>
/// var metrics = TrainingMetrics.Read("run/metrics.jsonl");
/// foreach (var (step, rate) in metrics[MetricNames.LearningRate])
/// {
///     log.WriteLine($"{step}: {rate}");
/// }
/// </code></example>
public sealed class TrainingMetrics
{
    private readonly Dictionary<string, List<(double Step, double Value)>> series;

    private TrainingMetrics(List<(string Name, bool Term)> names, Dictionary<string, List<(double Step, double Value)>> points)
    {
        series = points;
        Names = names.ConvertAll(entry => entry.Name);
        Terms = [.. names.Where(entry => entry.Term).Select(entry => entry.Name)];
    }

    /// <summary>Names of all metrics, in the order of the file.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Names of the loss terms, in the order of the file.</summary>
    public IReadOnlyList<string> Terms { get; }

    /// <summary>The values of a metric: step and value, in the order of the file. Values may be NaN or infinite.</summary>
    /// <param name="name">One of <see cref="Names"/>, for example <c>loss</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no such metric. The message lists all names.</exception>
    public IReadOnlyList<(double Step, double Value)> this[string name] => series.TryGetValue(name, out var found)
        ? found
        : throw new KeyNotFoundException($"TrainingMetrics: there is no metric '{name}', only {string.Join(", ", Names)}");

    /// <summary>Reads metrics.</summary>
    /// <param name="path">A file with a JSON object on each line: a number <c>step</c>, numbers by name, and the loss terms in an object <c>terms</c>. Other values are ignored.</param>
    /// <returns>The metrics. An incomplete last line, which a killed process leaves, is ignored.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A line is not such an object. The message gives its number.</exception>
    public static TrainingMetrics Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var names = new List<(string Name, bool Term)>();
        var points = new Dictionary<string, List<(double Step, double Value)>>(StringComparer.Ordinal);
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
            {
                continue;
            }

            try
            {
                using var line = JsonDocument.Parse(lines[i]);
                if (line.RootElement.ValueKind != JsonValueKind.Object || !line.RootElement.TryGetProperty(MetricNames.Step, out var field) || !TryNumber(field, out double step))
                {
                    throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}({i + 1}): expected a JSON object with a number '{MetricNames.Step}'"));
                }

                Collect(line.RootElement, step, term: false, names, points);
            }
            catch (JsonException) when (i == lines.Length - 1)
            {
                // An incomplete line, left by a killed process.
            }
            catch (JsonException exception)
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}({i + 1}): expected a JSON object: {exception.Message}"), exception);
            }
        }

        return new TrainingMetrics(names, points);
    }

    private static void Collect(JsonElement values, double step, bool term, List<(string Name, bool Term)> names, Dictionary<string, List<(double Step, double Value)>> points)
    {
        foreach (var value in values.EnumerateObject())
        {
            if (!term && string.Equals(value.Name, MetricNames.Terms, StringComparison.Ordinal) && value.Value.ValueKind == JsonValueKind.Object)
            {
                Collect(value.Value, step, term: true, names, points);
            }
            else if ((term || !string.Equals(value.Name, MetricNames.Step, StringComparison.Ordinal)) && TryNumber(value.Value, out double number))
            {
                if (!points.TryGetValue(value.Name, out var curve))
                {
                    points[value.Name] = curve = [];
                    names.Add((value.Name, term));
                }

                curve.Add((step, number));
            }
        }
    }

    /// <summary>Reads a number; NaN and infinities are strings in JSON.</summary>
    private static bool TryNumber(JsonElement value, out double number)
    {
        number = double.NaN;
        return value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetDouble(out number),
            JsonValueKind.String => value.GetString() is "NaN" or "Infinity" or "-Infinity" && double.TryParse(value.GetString(), CultureInfo.InvariantCulture, out number),
            _ => false,
        };
    }
}
