using Tclr.Evaluation.Reports;

namespace Tclr.Evaluation;

/// <summary>What a run did and found, as one HTML file.</summary>
/// <remarks>
/// The file needs nothing but itself: no scripts, no network. It follows the reader's light or dark colours and fits a
/// phone. All text is encoded.
/// </remarks>
/// <example><code>
/// var report = new RunReport("TCLR on nine classes")
/// {
///     Settings = [new("seed", "11"), new("steps", "160")],
///     Tables = [new("Retrieval", ["R@1", "R@5"], [new("TCLR", ["50.2 %", "94.4 %"])])],
///     Charts = [new("Loss", "step", [new("total", points)])],
/// };
/// report.Save("report.html");
/// </code></example>
/// <param name="Title">The heading.</param>
public sealed record RunReport(string Title)
{
    /// <summary>Settings of the run, in order.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>Tables of results, in order.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ReportTable> Tables { get; init; } = [];

    /// <summary>Line charts, in order.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ReportChart> Charts { get; init; } = [];

    /// <summary>Renders the report.</summary>
    /// <returns>A whole HTML document.</returns>
    /// <exception cref="ArgumentException">A row of a table has more or fewer cells than the table has columns.</exception>
    public string ToHtml() => HtmlPage.Render(this);

    /// <summary>Writes the report; a reader never sees half of it, and an old report stays until the new one is whole.</summary>
    /// <param name="path">The file; its folder is created where it does not exist.</param>
    /// <exception cref="ArgumentException">The path is empty, or the report cannot be rendered.</exception>
    /// <exception cref="IOException">The file cannot be written. The message names it and the reason.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string html = ToHtml();
        string target = Path.GetFullPath(path);
        string temporary = $"{target}.{Path.GetRandomFileName()}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? target);
            File.WriteAllText(temporary, html);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The report could not be written to '{target}': {exception.Message}", exception);
        }
        finally
        {
            Discard(temporary);
        }
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The reason why the report could not be written is the one worth telling.
        }
    }
}
