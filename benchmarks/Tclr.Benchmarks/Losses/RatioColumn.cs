using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Tclr.Benchmarks;

/// <summary>The ratio of a row to another method's row with the same parameters.</summary>
/// <param name="name">Heading of the column.</param>
/// <param name="method">The other method.</param>
/// <param name="inverse">Whether the other one is divided by this one.</param>
internal sealed class RatioColumn(string name, string method, bool inverse) : IColumn
{
    public string Id => $"{nameof(RatioColumn)}.{name}";

    public string ColumnName => name;

    public string Legend => inverse ? $"mean of {method} over this mean" : $"this mean over the mean of {method}";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var other = summary.BenchmarksCases.FirstOrDefault(
            c => string.Equals(c.Descriptor.WorkloadMethod.Name, method, StringComparison.Ordinal)
                && string.Equals(c.Parameters.DisplayInfo, benchmarkCase.Parameters.DisplayInfo, StringComparison.Ordinal));
        double? mine = summary[benchmarkCase]?.ResultStatistics?.Mean, its = other is null ? null : summary[other]?.ResultStatistics?.Mean;
        return mine is null || its is null ? "-" : (inverse ? its / mine : mine / its).Value.ToString("F2", CultureInfo.InvariantCulture);
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
}
