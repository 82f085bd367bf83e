using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Tclr.Benchmarks;

/// <summary>The ratio of a PyTorch script's time to a row with the same parameters, where the script was run before.</summary>
/// <param name="name">Heading of the column.</param>
internal sealed class PeerColumn(string name) : IColumn
{
    private readonly Dictionary<string, double> milliseconds = Peers.Read(Peers.Losses);

    public string Id => $"{nameof(PeerColumn)}.{name}";

    public string ColumnName => name;

    public string Legend => "median of the PyTorch script over this mean";

    public bool AlwaysShow => false;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 1;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => milliseconds.Count > 0;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var p = benchmarkCase.Parameters;
        string key = string.Create(CultureInfo.InvariantCulture, $"B={p["B"]} T={p["T"]} D={p["D"]} backward={p["Backward"]}");
        double? mine = summary[benchmarkCase]?.ResultStatistics?.Mean / 1e6;
        return mine is not null && milliseconds.TryGetValue(key, out double peer) ? (peer / mine.Value).ToString("F2", CultureInfo.InvariantCulture) : "-";
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
}

/// <summary>Runs the scripts of <c>benchmarks/peers</c>.</summary>
internal static class Peers
{
    /// <summary>Where the times of the losses' script are.</summary>
    public static string Losses => Path.Combine("peers", "losses.json");

    /// <summary>Runs a script that writes times to a file; says so and goes on where Python or PyTorch is missing.</summary>
    public static void Run(string script, string output, params string[] arguments)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        File.Delete(output);
        string python = Environment.GetEnvironmentVariable("TCLR_PYTHON") ?? "python3";
        var start = new System.Diagnostics.ProcessStartInfo(python, [script, "--out", output, .. arguments]);
        try
        {
            using var process = System.Diagnostics.Process.Start(start)!;
            process.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Console.WriteLine($"skipping {script}: {python} does not start ({e.Message}); TCLR_PYTHON names another one");
        }
    }

    public static Dictionary<string, double> Read(string file)
        => File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(file))! : [];
}
