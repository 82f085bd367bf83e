using System.Text.Json;

namespace Tclr.Benchmarks.Gpu;

/// <summary>Prints rows as they come, and keeps them as JSON lines.</summary>
/// <param name="file">The file; null for none.</param>
internal sealed class Table(string? file)
{
    public int Failures { get; private set; }

    public void Add(string part, string row, params IReadOnlyList<(string Name, object Value)> values)
    {
        Console.WriteLine($"{part,-10}{row,-46}{string.Join("  ", values.Select(value => value.Value is double number ? $"{value.Name} {number:G4}" : $"{value.Name} {value.Value}"))}");
        if (file is not null)
        {
            var record = new Dictionary<string, object>(StringComparer.Ordinal) { ["part"] = part, ["row"] = row };
            foreach (var (name, value) in values)
            {
                record[name] = value is double.NaN ? "unknown" : value;
            }

            File.AppendAllText(file, JsonSerializer.Serialize(record) + "\n");
        }
    }

    /// <summary>Runs a check; an exception is a failure, and the next check runs.</summary>
    public void Check(string name, Func<(bool Holds, string Found)> check)
    {
        string found;
        bool holds;
        try
        {
            (holds, found) = check();
        }
        catch (Exception e)
        {
            (holds, found) = (false, e.ToString().ReplaceLineEndings(" "));
        }

        Failures += holds ? 0 : 1;
        Add("check", name, (holds ? "passed" : "FAILED", found));
    }
}
