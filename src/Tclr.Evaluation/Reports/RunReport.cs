using Tclr.Evaluation.Reports;

namespace Tclr.Evaluation;

/// <summary>What a run did and found, as one HTML file, and the same numbers as JSON and CSV.</summary>
/// <remarks>
/// The HTML file needs nothing but itself: no scripts, no network. It follows the reader's light or dark colors, fits a
/// phone, and prints. All text is encoded.
/// </remarks>
/// <example><code>
/// RunReport.EnsureWritable("report.html");                         // before the long work
/// var report = new RunReport("TCLR on nine classes")
/// {
///     Sections =
///     [
///         new ReportSection("Retrieval")
///         {
///             Text = "Nearest neighbors of test videos among training videos.",
///             Tables = [new("Recall", ["R@1", "R@5"], [new("TCLR", [ReportCell.Percent(0.502), ReportCell.Percent(0.944)])])],
///             Figures = [new LineChart("Recall by clips", "clips of a video", [ReportSeries.Numbered("TCLR", recalls)])],
///         },
///     ],
///     Settings = [new("seed", "11"), new("steps", "160")],
/// };
/// report.Save("report.html");
/// report.SaveJson("report.json");
/// report.SaveCsv("report.csv");
/// </code></example>
/// <param name="Title">The heading.</param>
public sealed record RunReport(string Title)
{
    /// <summary>Plain text below the heading; an empty line starts a new paragraph.</summary>
    /// <value>The default value is empty.</value>
    public string Summary { get; init; } = string.Empty;

    /// <summary>Settings of the run, in order.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>Tables of results, in order, before the sections.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ReportTable> Tables { get; init; } = [];

    /// <summary>Line charts, in order, after the tables and before the sections.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<LineChart> Charts { get; init; } = [];

    /// <summary>Parts under headings of their own, in order.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ReportSection> Sections { get; init; } = [];

    /// <summary>How to run the same again, usually JSON, shown as it is at the end.</summary>
    /// <value>The default value is empty: none is shown.</value>
    public string Recipe { get; init; } = string.Empty;

    /// <summary>Finds out if a report can be written, for a run of hours not to end in an error of the last minute. Creates the folder.</summary>
    /// <param name="path">The file that <see cref="Save"/> will be asked to write.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">The file cannot be written. The message names it and the reason.</exception>
    public static void EnsureWritable(string path) => ReportFile.EnsureWritable(path);

    /// <summary>Renders the report.</summary>
    /// <returns>A whole HTML document.</returns>
    /// <exception cref="ArgumentException">Parts do not fit together: cells and columns, names and rows, values and categories; or a picture is neither JPEG nor PNG.</exception>
    public string ToHtml()
    {
        ReportCheck.Check(this);
        return HtmlPage.Render(this);
    }

    /// <summary>Gives what the report shows as JSON; pictures are left out.</summary>
    /// <returns>An object; numbers that are NaN or infinite are <c>null</c>.</returns>
    /// <exception cref="ArgumentException">As of <see cref="ToHtml"/>.</exception>
    public string ToJson()
    {
        ReportCheck.Check(this);
        return ReportJson.Write(this);
    }

    /// <summary>Gives what the report shows as one table of plain rows.</summary>
    /// <returns>CSV with the columns <c>section,kind,title,row,column,value,spread,runs,text</c> and a line for each number or text.</returns>
    /// <exception cref="ArgumentException">As of <see cref="ToHtml"/>.</exception>
    public string ToCsv()
    {
        ReportCheck.Check(this);
        return ReportCsv.Write(this);
    }

    /// <summary>Writes the HTML report; a reader never sees half of it, and an old report stays until the new one is whole.</summary>
    /// <param name="path">The file; its folder is created where it does not exist.</param>
    /// <exception cref="ArgumentException">The path is empty, or the report cannot be rendered.</exception>
    /// <exception cref="IOException">The file cannot be written. The message names it and the reason.</exception>
    public void Save(string path) => ReportFile.Write(path, ToHtml);

    /// <summary>Writes <see cref="ToJson"/>, as <see cref="Save"/> writes the HTML.</summary>
    /// <param name="path">The file; its folder is created where it does not exist.</param>
    /// <exception cref="ArgumentException">The path is empty, or the report does not fit together.</exception>
    /// <exception cref="IOException">The file cannot be written. The message names it and the reason.</exception>
    public void SaveJson(string path) => ReportFile.Write(path, ToJson);

    /// <summary>Writes <see cref="ToCsv"/>, as <see cref="Save"/> writes the HTML.</summary>
    /// <param name="path">The file; its folder is created where it does not exist.</param>
    /// <exception cref="ArgumentException">The path is empty, or the report does not fit together.</exception>
    /// <exception cref="IOException">The file cannot be written. The message names it and the reason.</exception>
    public void SaveCsv(string path) => ReportFile.Write(path, ToCsv);
}
