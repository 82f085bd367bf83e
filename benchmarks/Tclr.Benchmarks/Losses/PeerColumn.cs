using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Tclr.Benchmarks;

/// <summary>The ratio of a PyTorch script's time to a row with the same parameters, where the script was run before.</summary>
/// <param name="name">Heading of the column.</param>
internal sealed class PeerColumn(string name) : IColumn
{
    private readonly Dictionary<string, double> milliseconds = LossPeer.Read();

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
