using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tclr.Samples.Ablation;

/// <summary>The folder of a run: its settings, and a folder with checkpoints and result for each cell.</summary>
internal sealed class CellStore
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    private readonly string folder;

    /// <summary>Opens the folder.</summary>
    /// <exception cref="UsageException">It holds cells of other settings, which cannot stand in the same table.</exception>
    public CellStore(AblationOptions options)
    {
        folder = options.Output;
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "settings.json");
        string settings = JsonSerializer.Serialize(new Settings(options.Recipe, options.Videos, options.TrainVideos, options.TestVideos), Json);
        if (!File.Exists(file))
        {
            Write(file, settings);
        }
        else if (!string.Equals(File.ReadAllText(file), settings, StringComparison.Ordinal))
        {
            throw new UsageException($"--out: '{folder}' has cells of other settings (see {file}): use the same settings, or another folder");
        }
    }

    /// <summary>The folder of a seed.</summary>
    public string SeedFolder(ulong seed) => Path.Combine(folder, Seed(seed));

    /// <summary>The folder of a seed's videos.</summary>
    public string Videos(ulong seed) => Path.Combine(SeedFolder(seed), "videos");

    /// <summary>The folder of a cell.</summary>
    public string Cell(Row row, ulong seed) => Path.Combine(folder, Seed(seed), row.Key);

    /// <summary>The result of a finished cell, or null.</summary>
    /// <exception cref="IOException">The file is damaged.</exception>
    public CellResult? Read(Row row, ulong seed)
    {
        string file = ResultFile(row, seed);
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<CellResult>(File.ReadAllText(file), Json) : null;
        }
        catch (JsonException e)
        {
            throw new IOException($"'{file}' is damaged ({e.Message}): delete it, and the cell is judged again", e);
        }
    }

    /// <summary>Keeps the result of a cell.</summary>
    public void Write(Row row, CellResult result) => Write(ResultFile(row, result.Seed), JsonSerializer.Serialize(result, Json));

    /// <summary>Writes all cells as a table.</summary>
    /// <returns>The file.</returns>
    public string WriteTable(IReadOnlyList<CellResult> cells)
    {
        string[] measures = [.. cells[0].Measures.Keys];
        var text = new StringBuilder().AppendLine(string.Join(',', ["row", "seed", .. measures]));
        foreach (var cell in cells)
        {
            text.AppendLine(string.Join(',', [cell.Row, cell.Seed.ToString(CultureInfo.InvariantCulture), .. measures.Select(m => cell.Measures[m].ToString("0.00", CultureInfo.InvariantCulture))]));
        }

        string file = Path.Combine(folder, "cells.csv");
        Write(file, text.ToString());
        return file;
    }

    private static string Seed(ulong seed) => string.Create(CultureInfo.InvariantCulture, $"seed-{seed}");

    // A kill leaves the old file or the new one.
    private static void Write(string file, string text)
    {
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }

    private string ResultFile(Row row, ulong seed) => Path.Combine(Cell(row, seed), "result.json");

    private sealed record Settings(Recipe Recipe, string? Videos, int TrainVideos, int TestVideos);
}
