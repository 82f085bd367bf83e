using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tclr.Cli;

/// <summary>The folder of an ablation: its settings, and a folder with checkpoints and result for each cell.</summary>
internal sealed class CellStore
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly string folder;
    private readonly string settings;

    /// <summary>Opens the folder.</summary>
    /// <exception cref="UsageException">It holds cells of other settings, which cannot stand in the same table.</exception>
    public CellStore(AblationOptions options, TclrRecipe recipe)
    {
        folder = options.Output;
        settings = JsonSerializer.Serialize(new { recipe = JsonElement.Parse(recipe.ToJson()), options.Videos, options.Groups, options.Folds, options.TrainVideos, options.TestVideos }, Json);
        if (File.Exists(SettingsFile) && !string.Equals(File.ReadAllText(SettingsFile), settings, StringComparison.Ordinal))
        {
            throw new UsageException($"--out: '{folder}' has cells of other settings (see {SettingsFile}): use the same settings, or another folder");
        }
    }

    private string SettingsFile => Path.Combine(folder, "settings.json");

    /// <summary>The folder of a seed.</summary>
    public string Seed(ulong seed) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));

    /// <summary>Makes the folder of a cell. With the first one, other settings are refused from then on.</summary>
    /// <returns>The folder.</returns>
    public string MakeCell(AblationRow row, ulong seed, int? fold)
    {
        string cell = Cell(row, seed, fold);
        Directory.CreateDirectory(cell);
        Write(SettingsFile, settings);
        return cell;
    }

    /// <summary>The result of a finished cell, or null.</summary>
    /// <exception cref="IOException">The file is damaged.</exception>
    public CellResult? Read(AblationRow row, ulong seed, int? fold)
    {
        string file = ResultFile(row, seed, fold);
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
    public void Write(AblationRow row, CellResult result) => Write(ResultFile(row, result.Seed, result.Fold), JsonSerializer.Serialize(result, Json));

    /// <summary>Writes all cells as a table.</summary>
    /// <returns>The file.</returns>
    public string WriteTable(IReadOnlyList<CellResult> cells)
    {
        string[] measures = [.. cells[0].Measures.Keys];
        var text = new StringBuilder().AppendLine(string.Join(',', ["row", "seed", "fold", .. measures]));
        foreach (var cell in cells)
        {
            text.AppendLine(string.Join(',', [cell.Row, cell.Seed.ToString(CultureInfo.InvariantCulture), $"{cell.Fold}", .. measures.Select(m => cell.Measures[m].ToString("0.00", CultureInfo.InvariantCulture))]));
        }

        string file = Path.Combine(folder, "cells.csv");
        Write(file, text.ToString());
        return file;
    }

    private static void Write(string file, string text) => AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private string Cell(AblationRow row, ulong seed, int? fold)
        => Path.Combine(fold is null ? Seed(seed) : Path.Combine(Seed(seed), FormattableString.Invariant($"fold-{fold}")), row.Key);

    private string ResultFile(AblationRow row, ulong seed, int? fold) => Path.Combine(Cell(row, seed, fold), "result.json");
}
