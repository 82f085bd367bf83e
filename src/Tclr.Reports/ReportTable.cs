namespace Tclr.Reports;

/// <summary>A table. Columns of numbers are right-aligned, columns of text left-aligned.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Columns">Column headings, without the first column, which holds the row names.</param>
/// <param name="Rows">Rows.</param>
public sealed record ReportTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<ReportRow> Rows)
{
    /// <summary>Heading of the first column, for example <c>method</c>.</summary>
    /// <value>The default value is empty.</value>
    public string RowHeading { get; init; } = string.Empty;

    /// <summary>Caption below the table.</summary>
    /// <value>The default value is empty.</value>
    public string Caption { get; init; } = string.Empty;
}

/// <summary>A row of a <see cref="ReportTable"/>.</summary>
/// <param name="Name">Text of the first column, for example the name of a method.</param>
/// <param name="Cells">One cell for each column; a string converts to a cell.</param>
public sealed record ReportRow(string Name, IReadOnlyList<ReportCell> Cells);

/// <summary>A cell of a <see cref="ReportTable"/>.</summary>
/// <param name="Text">The text shown.</param>
/// <param name="Value">The number shown, in the unit of the text, for JSON and CSV; <see langword="null"/> for text.</param>
public sealed record ReportCell(string Text, MeanStd? Value = null)
{
    /// <summary>What the text links to in HTML: a path relative to the report, or an <c>http</c> or <c>https</c> address.</summary>
    /// <value>The default value is <see langword="null"/>: no link.</value>
    public string? Link { get; init; }

    /// <summary>Creates a text cell.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator ReportCell(string text) => new(text);

    /// <summary>Creates a cell with a number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format">Numeric format string for mean and standard deviation.</param>
    /// <returns>A cell such as <c>1.25 ± 0.10</c>.</returns>
    public static ReportCell Number(MeanStd value, string format = "0.00")
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ReportCell(value.ToString(format), value);
    }

    /// <summary>Creates a cell with a percentage.</summary>
    /// <param name="share">The fraction, 0 to 1.</param>
    /// <returns>A cell such as <c>84.1 ± 0.4 %</c>; its value is in percent too.</returns>
    public static ReportCell Percent(MeanStd share)
    {
        ArgumentNullException.ThrowIfNull(share);
        var percent = share.Times(100);
        return new ReportCell($"{percent.ToString("0.0")} %", percent);
    }
}
