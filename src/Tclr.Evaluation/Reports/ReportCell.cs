namespace Tclr.Evaluation;

/// <summary>A cell of a <see cref="ReportTable"/>: a text, and the number behind it where there is one.</summary>
/// <param name="Text">What a reader sees.</param>
/// <param name="Value">The number in the unit of the text, for JSON and CSV; <see langword="null"/> where there is none.</param>
public sealed record ReportCell(string Text, MeanAndSpread? Value = null)
{
    /// <summary>A cell of text.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator ReportCell(string text) => new(text);

    /// <summary>A cell with a number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format">Format of the mean and of the spread.</param>
    /// <returns>For instance <c>1.25 ± 0.10</c>.</returns>
    public static ReportCell Number(MeanAndSpread value, string format = "0.00")
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ReportCell(value.ToString(format), value);
    }

    /// <summary>A cell with a share in percent.</summary>
    /// <param name="share">The share, 0 to 1.</param>
    /// <returns>For instance <c>84.1 ± 0.4 %</c>; the number behind it is in percent too.</returns>
    public static ReportCell Percent(MeanAndSpread share)
    {
        ArgumentNullException.ThrowIfNull(share);
        var percent = share.Times(100);
        return new ReportCell($"{percent.ToString("0.0")} %", percent);
    }
}
