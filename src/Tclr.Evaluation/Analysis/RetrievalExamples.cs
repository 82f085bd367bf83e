using Tclr.Data;

namespace Tclr.Evaluation;

/// <summary>Retrieval in pictures: queries and their nearest neighbors.</summary>
/// <remarks>Source: Dave et al., "TCLR" (2022), appendix I.</remarks>
public static class RetrievalExamples
{
    /// <summary>Shows some queries, evenly spread, and their nearest neighbors by the middle frame of each video.</summary>
    /// <param name="title">The figure's heading.</param>
    /// <param name="result">What was retrieved.</param>
    /// <param name="queries">The queries, in the order of the features.</param>
    /// <param name="gallery">The gallery, in the order of the features.</param>
    /// <param name="reader">What decodes the frames; <see langword="null"/> for an <see cref="OpenCvVideoReader"/>.</param>
    /// <param name="examples">Number of queries at most, 1 or more.</param>
    /// <param name="neighbors">Number of neighbors at most, 1 or more.</param>
    /// <param name="cancellationToken">Stops between two frames.</param>
    /// <returns>The figure, with a caption. A video that cannot be read any more is an empty frame.</returns>
    /// <exception cref="ArgumentException">There are not as many queries as were judged, or a neighbor is not in the gallery.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static ThumbnailGrid ToFigure(
        string title,
        RetrievalResult result,
        VideoIndex queries,
        VideoIndex gallery,
        IVideoReader? reader = null,
        int examples = 6,
        int neighbors = 5,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbors, 1);
        if (queries.Items.Count != result.QueryCount)
        {
            throw new ArgumentException(FormattableString.Invariant($"RetrievalExamples: expected the {result.QueryCount} queries of the result, got {queries.Items.Count}"), nameof(queries));
        }

        reader ??= new OpenCvVideoReader();
        var rows = new List<ThumbnailRow>();
        foreach (int query in ClipCurves.Spread(Math.Min(examples, result.QueryCount), result.QueryCount))
        {
            string label = queries.Items[query].Label;
            List<Thumbnail> images = [MiddleFrame(reader, queries, query, ThumbnailMark.Reference, cancellationToken)];
            foreach (int found in result.NeighborsOf(query)[..Math.Min(neighbors, result.Depth)])
            {
                if (found >= gallery.Items.Count)
                {
                    throw new ArgumentException(FormattableString.Invariant($"RetrievalExamples: expected a gallery with item {found}, got {gallery.Items.Count} items"), nameof(gallery));
                }

                bool right = string.Equals(gallery.Items[found].Label, label, StringComparison.Ordinal);
                images.Add(MiddleFrame(reader, gallery, found, right ? ThumbnailMark.Right : ThumbnailMark.Wrong, cancellationToken));
            }

            rows.Add(new ThumbnailRow(string.Empty, images));
        }

        return new ThumbnailGrid(title, rows) { Caption = "First in each row a query, then its nearest neighbors, nearest first: ✓ has the query's class, ✗ has another." };
    }

    private static Thumbnail MiddleFrame(IVideoReader reader, VideoIndex index, int video, ThumbnailMark mark, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (item, info) = (index.Items[video], index.Infos[video]);
        try
        {
            using var frames = reader.ReadFrames(item.Path, [info.Frames / 2], info, cancellationToken);
            return Thumbnail.FromRgb(frames.Frame(0), frames.Width, frames.Height, item.Label, mark);
        }
        catch (VideoDataException)
        {
            // A picture less is no reason to lose a report.
            return new Thumbnail(default, item.Label, mark);
        }
    }
}
