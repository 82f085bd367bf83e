namespace Tclr.Reports;

/// <summary>A report of a run: sections of text, tables and figures, written as HTML, JSON and CSV.</summary>
/// <remarks>
/// The HTML file is self-contained, without scripts or network access. It follows the reader's light or dark color scheme,
/// fits a phone, and prints. All text is encoded.
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
/// report.SaveHtml("report.html");
/// report.SaveJson("report.json");
/// report.SaveCsv("report.csv");
/// </code></example>
/// <param name="Title">Title.</param>
public sealed record RunReport(string Title)
{
    /// <summary>Plain text below the title; an empty line starts a new paragraph.</summary>
    /// <value>The default value is empty.</value>
    public string Summary { get; init; } = string.Empty;

    /// <summary>Sections. The content of an untitled first section follows the summary directly.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ReportSection> Sections { get; init; } = [];

    /// <summary>Settings of the run, shown after the sections.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ReportSetting> Settings { get; init; } = [];

    /// <summary>The recipe of the run, usually JSON, shown verbatim at the end.</summary>
    /// <value>The default value is empty: not shown.</value>
    public string Recipe { get; init; } = string.Empty;

    /// <summary>Checks that a report can be written, so that a long run does not fail at its end. Creates the folder.</summary>
    /// <param name="path">The report file; it is not changed.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">The file cannot be written. The message names it and the reason.</exception>
    public static void EnsureWritable(string path) => ReportFile.EnsureWritable(path);

    /// <summary>Reads a report from the JSON of <see cref="ToJson"/>. Thumbnails have no pictures, and infinite numbers are read as NaN.</summary>
    /// <param name="json">The JSON.</param>
    /// <returns>The report.</returns>
    /// <exception cref="InvalidDataException">The text is not the JSON of a report. The message names the place.</exception>
    public static RunReport FromJson(string json) => ReportJson.Read(json);

    /// <summary>Renders the report as HTML.</summary>
    /// <returns>A complete HTML document.</returns>
    /// <exception cref="ArgumentException">A table or figure is inconsistent, for example in the numbers of cells and columns, or a picture is neither JPEG nor PNG. The message names it.</exception>
    public string ToHtml() => HtmlPage.Render(Checked());

    /// <summary>Renders the report as JSON, without pictures.</summary>
    /// <returns>A JSON object; numbers that are NaN or infinite are <c>null</c>.</returns>
    /// <exception cref="ArgumentException">As for <see cref="ToHtml"/>.</exception>
    public string ToJson() => ReportJson.Write(Checked());

    /// <summary>Renders the report as CSV, one line for each number or text.</summary>
    /// <returns>CSV with the columns <c>section,kind,title,row,column,value,std,runs,text</c>.</returns>
    /// <exception cref="ArgumentException">As for <see cref="ToHtml"/>.</exception>
    public string ToCsv() => ReportCsv.Write(Checked());

    /// <summary>Writes <see cref="ToHtml"/> to a file. An existing file is replaced only when the new one is complete.</summary>
    /// <param name="path">The file; its folder is created if needed.</param>
    /// <exception cref="ArgumentException">The path is empty, or as for <see cref="ToHtml"/>.</exception>
    /// <exception cref="IOException">The file cannot be written. The message names it and the reason.</exception>
    public void SaveHtml(string path) => ReportFile.Write(path, ToHtml);

    /// <summary>Writes <see cref="ToJson"/> to a file. An existing file is replaced only when the new one is complete.</summary>
    /// <param name="path">The file; its folder is created if needed.</param>
    /// <exception cref="ArgumentException">The path is empty, or as for <see cref="ToHtml"/>.</exception>
    /// <exception cref="IOException">The file cannot be written. The message names it and the reason.</exception>
    public void SaveJson(string path) => ReportFile.Write(path, ToJson);

    /// <summary>Writes <see cref="ToCsv"/> to a file. An existing file is replaced only when the new one is complete.</summary>
    /// <param name="path">The file; its folder is created if needed.</param>
    /// <exception cref="ArgumentException">The path is empty, or as for <see cref="ToHtml"/>.</exception>
    /// <exception cref="IOException">The file cannot be written. The message names it and the reason.</exception>
    public void SaveCsv(string path) => ReportFile.Write(path, ToCsv);

    private RunReport Checked()
    {
        ReportCheck.Check(this);
        return this;
    }
}

/// <summary>A setting of a run.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value.</param>
public sealed record ReportSetting(string Name, string Value);
