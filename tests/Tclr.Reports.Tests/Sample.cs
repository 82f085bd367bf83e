namespace Tclr.Reports.Tests;

/// <summary>A report with everything in it.</summary>
internal static class Sample
{
    public static Thumbnail Picture(string caption, ThumbnailMark mark = ThumbnailMark.None)
        => Thumbnail.FromRgb([.. Enumerable.Range(0, 8 * 6 * 3).Select(i => (byte)(i * 7))], 8, 6, caption, mark);

    /// <summary>All kinds of parts, every text being <paramref name="text"/>.</summary>
    public static RunReport With(string text) => new(text)
    {
        Summary = text,
        Settings = [new(text, text)],
        Recipe = text,
        Sections =
        [
            new()
            {
                Tables = [new(text, [text], [new(text, [text])]) { RowHeading = text, Caption = text }],
                Figures = [new LineChart(text, text, [new(text, [(0, 1), (1, 2)])]) { YLabel = text, Caption = text }],
            },
            new(text)
            {
                Text = text,
                Tables = [new(text, [text], [new(text, [ReportCell.Percent(MeanStd.Of(0.5, 0.6)) with { Link = "./other%20report.html" }])])],
                Figures =
                [
                    new ScatterPlot(text, [new(text, [(0, 1), (1, 2)])]) { Caption = text },
                    new HeatMap(text, new double[,] { { 1, 0.2 }, { 0.1, 1 } }) { Rows = [text, text], Columns = [text, text], XLabel = text, YLabel = text, Caption = text },
                    new BarChart(text, [text], [new(text, [MeanStd.Of(1, 2)]), new(text, [2])]) { XLabel = text, Caption = text },
                    new ThumbnailGrid(text, [new(text, [Picture(text), Picture(text, ThumbnailMark.Incorrect), new(default, text)])]) { Caption = text },
                ],
            },
            new(text), new(text), new(text),
        ],
    };
}
