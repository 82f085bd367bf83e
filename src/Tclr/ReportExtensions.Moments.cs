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
        var first = Check(results, nameof(ToTable));
        ReportRow[] rows =
        [
            new("chance", [.. Estimates(first).Select(estimate => Percent(estimate.Chance, null)), "-"]),
            .. results.Select(row => new ReportRow(row.Name, [.. Estimates(row.Result).Select(estimate => Percent(estimate.Recall, estimate.StandardError)), Similarity(row.Result)])),
        ];
        return new ReportTable(title, ["moment, %", "of all, %", "video, %", "half, %", "timesteps"], rows)
        {
            RowHeading = "encoder",
            Caption = string.Create(
                CultureInfo.InvariantCulture,
                $"Queries, augmented clips of {first.Moments} moments in each of {first.Videos} videos, whose nearest moment in their own video is their own (moment), whose nearest moment in all videos is their own (of all) or of their own video (video), and that are nearer to their own half of the video (half); ± is the standard error over videos. Timesteps: similarity of a clip's timesteps, 1 where the encoder cannot tell them apart."),
        };
    }

    /// <summary>Creates a figure of queries beside their moments and what each encoder found in their video: one query of each video that was kept as a picture.</summary>
    /// <param name="results">Name and result of each encoder, one or more, all measured on the same videos. Short names fit below the pictures; the queries shown are the <see cref="MomentResult.Pictures"/> of the first.</param>
    /// <param name="title">Heading.</param>
    /// <param name="videos">The videos that were measured.</param>
    /// <param name="reader">The reader of the frames; <see langword="null"/> for an <see cref="OpenCvVideoReader"/>.</param>
    /// <param name="cancellationToken">Cancels between two frames.</param>
    /// <returns>The figure, with a caption. A video that cannot be read has a placeholder.</returns>
    /// <exception cref="ArgumentException">There are no results, or the numbers of their videos or moments differ, or that of <paramref name="videos"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static ThumbnailGrid ToThumbnails(
        this IReadOnlyList<(string Name, MomentResult Result)> results, string title, VideoIndex videos, IVideoReader? reader = null, CancellationToken cancellationToken = default)
    {
        var first = Check(results, nameof(ToThumbnails));
        ArgumentNullException.ThrowIfNull(videos);
        if (videos.Items.Count != first.Videos)
        {
            throw new ArgumentException(FormattableString.Invariant($"ToThumbnails: expected the {first.Videos} videos of the results, got {videos.Items.Count}"), nameof(videos));
        }

        reader ??= new OpenCvVideoReader();

        // Another moment of each video, so that all parts of a video are shown.
        var shown = first.Pictures.GroupBy(picture => picture.Query / first.Moments).Select((video, i) => video.ElementAt(((3 * i) + 1) % video.Count()));
        return new ThumbnailGrid(title, [.. shown.Select(Row)])
        {
            Caption = "A query as the encoders saw it, its moment, and the moment that each encoder found in the video: ✓ the query's own, ✗ another one.",
        };

        ThumbnailRow Row(MomentPicture picture)
        {
            int query = picture.Query;
            return new ThumbnailRow(Path.GetFileName(videos.Items[query / first.Moments].Path),
            [
                Thumbnail.FromRgb(picture.Rgb.Span, picture.Width, picture.Height, "query", ThumbnailMark.Reference),
                Moment(query, "moment", ThumbnailMark.None),
                .. results.Select(row => row.Result.FoundWithinVideo[query] is var found && found == query ? Moment(found, row.Name, ThumbnailMark.Correct) : Moment(found, row.Name, ThumbnailMark.Incorrect)),
            ]);
        }

        Thumbnail Moment(int moment, string caption, ThumbnailMark mark)
            => FrameOf(reader, videos, moment / first.Moments, first.MiddleFrames[moment], $"{caption} {Time(moment)}", mark, cancellationToken);

        string Time(int moment) => videos.Infos[moment / first.Moments].FramesPerSecond is > 0 and var rate
            ? FormattableString.Invariant($"{first.MiddleFrames[moment] / rate:0.0} s")
            : FormattableString.Invariant($"frame {first.MiddleFrames[moment] + 1}");
    }

    private static MomentResult Check(IReadOnlyList<(string Name, MomentResult Result)> results, string caller)
    {
        ArgumentNullException.ThrowIfNull(results);
        return results.Count > 0 && results.All(row => (row.Result.Videos, row.Result.Moments) == (results[0].Result.Videos, results[0].Result.Moments))
            ? results[0].Result
            : throw new ArgumentException($"{caller}: expected one result or more, all of the same videos and moments", nameof(results));
    }

    private static RecallEstimate[] Estimates(MomentResult result) => [result.WithinVideo, result.AmongAll, result.Video, result.Half];

    private static ReportCell Percent(double share, double? error) => new(
        error is { } deviation ? FormattableString.Invariant($"{100 * share:0.0} ± {100 * deviation:0.0}") : FormattableString.Invariant($"{100 * share:0.0}"),
        new MeanStd(100 * share));

    private static ReportCell Similarity(MomentResult result)
        => result.Timesteps is { } timesteps ? ReportCell.Number(new MeanStd(timesteps.MeanOffDiagonal), "0.000") : "-";
}
