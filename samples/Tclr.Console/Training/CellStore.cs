using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tclr.Cli;

/// <summary>The folder of an ablation: its settings, and a folder with checkpoints and result for each cell.</summary>
internal sealed class CellStore
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly string folder;

    /// <summary>Opens the folder.</summary>
    /// <exception cref="UsageException">It holds cells of other settings, which cannot stand in the same table.</exception>
    public CellStore(AblationOptions options, TclrRecipe recipe)
    {
        folder = options.Output;
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "settings.json");
        string settings = JsonSerializer.Serialize(new { recipe = JsonElement.Parse(recipe.ToJson()), options.Videos, options.TrainVideos, options.TestVideos }, Json);
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
    public string Seed(ulong seed) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));

    /// <summary>The folder of a cell.</summary>
    public string Cell(AblationRow row, ulong seed) => Path.Combine(Seed(seed), row.Key);

    /// <summary>The result of a finished cell, or null.</summary>
    /// <exception cref="IOException">The file is damaged.</exception>
    public CellResult? Read(AblationRow row, ulong seed)
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
    public void Write(AblationRow row, CellResult result) => Write(ResultFile(row, result.Seed), JsonSerializer.Serialize(result, Json));

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

    private static void Write(string file, string text) => AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private string ResultFile(AblationRow row, ulong seed) => Path.Combine(Cell(row, seed), "result.json");
}
