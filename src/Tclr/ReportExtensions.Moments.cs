using System.Globalization;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Reports;

namespace Tclr;

/// <content>Results of <see cref="VideoMoments"/>.</content>
public static partial class ReportExtensions
{
    /// <summary>Creates a table with a row for each encoder, below a row with the chance level.</summary>
    /// <param name="results">Name and result of each encoder, one or more, all measured on the same videos.</param>
    /// <param name="title">Heading.</param>
    /// <returns>The table, with a caption. Standard errors follow the recalls.</returns>
    /// <exception cref="ArgumentException">There are no results, or the numbers of their videos or moments differ.</exception>
    public static ReportTable ToTable(this IReadOnlyList<(string Name, MomentResult Result)> results, string title)
    {
        ArgumentNullException.ThrowIfNull(results);
        if (results.Count == 0 || results.Any(row => (row.Result.Videos, row.Result.Moments) != (results[0].Result.Videos, results[0].Result.Moments)))
        {
            throw new ArgumentException("ToTable: expected one result or more, all of the same videos and moments", nameof(results));
        }

        var first = results[0].Result;
        ReportRow[] rows =
        [
            new("chance", [.. Estimates(first).Select(estimate => Percent(estimate.Chance, null)), "-"]),
            .. results.Select(row => new ReportRow(row.Name, [.. Estimates(row.Result).Select(estimate => Percent(estimate.Recall, estimate.StandardError)), Similarity(row.Result)])),
        ];
        return new ReportTable(title, ["finds its moment in its video", "among all videos", "finds its video", "knows its half", "similarity of timesteps"], rows)
        {
            RowHeading = "encoder",
            Caption = string.Create(
                CultureInfo.InvariantCulture,
                $"{first.Videos} videos with {first.Moments} moments each. A query is an augmented clip of a moment; it has found what its nearest moment is. ± is the standard error over videos. The similarity of a clip's timesteps is 1 where the encoder cannot tell them apart."),
        };
    }

    /// <summary>Creates a figure of queries beside what they found in their own video, some correct and some wrong.</summary>
    /// <param name="result">The result, with <see cref="MomentResult.Pictures"/>.</param>
    /// <param name="title">Heading.</param>
    /// <param name="videos">The videos that were measured.</param>
    /// <param name="reader">The reader of the frames; <see langword="null"/> for an <see cref="OpenCvVideoReader"/>.</param>
    /// <param name="examples">Maximum number of correct and of wrong examples, 1 or more of each.</param>
    /// <param name="cancellationToken">Cancels between two frames.</param>
    /// <returns>The figure, with a caption. A video that cannot be read has a placeholder.</returns>
    /// <exception cref="ArgumentException">The number of videos differs from that of the result.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static ThumbnailGrid ToThumbnails(
        this MomentResult result, string title, VideoIndex videos, IVideoReader? reader = null, int examples = 3, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(videos);
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        if (videos.Items.Count != result.Videos)
        {
            throw new ArgumentException(FormattableString.Invariant($"ToThumbnails: expected the {result.Videos} videos of the result, got {videos.Items.Count}"), nameof(videos));
        }

        reader ??= new OpenCvVideoReader();
        return new ThumbnailGrid(title, [.. Chosen(true).Concat(Chosen(false)).Select(Row)])
        {
            Caption = "Left, the query as the encoder saw it; then the moment that it found in its video: ✓ its own, ✗ another one, followed by its own.",
        };

        // One of each video before a second one.
        IEnumerable<MomentPicture> Chosen(bool correct) => result.Pictures
            .Where(picture => result.FoundWithinVideo[picture.Query] == picture.Query == correct)
            .GroupBy(picture => picture.Query / result.Moments)
            .SelectMany(video => video.Index())
            .OrderBy(entry => entry.Index)
            .Take(examples)
            .Select(entry => entry.Item);

        ThumbnailRow Row(MomentPicture picture)
        {
            int query = picture.Query, found = result.FoundWithinVideo[query];
            List<Thumbnail> images = [Thumbnail.FromRgb(picture.Rgb.Span, picture.Width, picture.Height, $"query: {Time(query)}", ThumbnailMark.Reference)];
            images.Add(Moment(found, found == query ? ThumbnailMark.Correct : ThumbnailMark.Incorrect));
            if (found != query)
            {
                images.Add(Moment(query, ThumbnailMark.None));
            }

            return new ThumbnailRow(Path.GetFileName(videos.Items[query / result.Moments].Path), images);
        }

        Thumbnail Moment(int moment, ThumbnailMark mark)
            => ReportExtensions.FrameOf(reader, videos, moment / result.Moments, result.MiddleFrames[moment], Time(moment), mark, cancellationToken);

        string Time(int moment) => videos.Infos[moment / result.Moments].FramesPerSecond is > 0 and var rate
            ? FormattableString.Invariant($"{result.MiddleFrames[moment] / rate:0.0} s")
            : FormattableString.Invariant($"frame {result.MiddleFrames[moment] + 1}");
    }

    private static RecallEstimate[] Estimates(MomentResult result) => [result.WithinVideo, result.AmongAll, result.Video, result.Half];

    private static ReportCell Percent(double share, double? error) => new(
        error is { } deviation ? FormattableString.Invariant($"{100 * share:0.0} ± {100 * deviation:0.0} %") : FormattableString.Invariant($"{100 * share:0.0} %"),
        new MeanStd(100 * share));

    private static ReportCell Similarity(MomentResult result)
        => result.Timesteps is { } timesteps ? ReportCell.Number(new MeanStd(timesteps.MeanOffDiagonal), "0.000") : "-";
}
