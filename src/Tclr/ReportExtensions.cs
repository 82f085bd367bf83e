using System.Globalization;
using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Reports;
using static TorchSharp.torch;

namespace Tclr;

/// <summary>Converts results of Tclr.Evaluation to tables and figures of Tclr.Reports.</summary>
/// <example><code>
/// var section = new ReportSection("Confusion")
/// {
///     Tables = [confusion.ToTable("Most confused")],
///     Figures = [confusion.ToHeatMap("All classes")],
/// };
/// </code></example>
public static partial class ReportExtensions
{
    /// <summary>Creates a heat map of a confusion matrix. Rows are normalized: a cell is the fraction of the true class.</summary>
    /// <param name="confusion">The confusion matrix.</param>
    /// <param name="title">Heading.</param>
    /// <returns>The figure, with a caption.</returns>
    public static HeatMap ToHeatMap(this ConfusionMatrix confusion, string title)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        int n = confusion.Classes.Count;
        var shares = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                shares[i, j] = confusion.ShareOf(i, j);
            }
        }

        return new HeatMap(title, shares)
        {
            Rows = confusion.Classes,
            Columns = confusion.Classes,
            XLabel = "predicted",
            YLabel = "true class",
            High = 1,
            Caption = FormattableString.Invariant($"Rows are true classes, columns predictions; each row is normalized. Accuracy: {100 * confusion.Accuracy:0.0}\u00A0% of {confusion.Total} videos."),
        };
    }

    /// <summary>Creates a table of the most confused pairs of classes.</summary>
    /// <param name="confusion">The confusion matrix.</param>
    /// <param name="title">Heading.</param>
    /// <param name="most">Maximum number of rows, 1 or more.</param>
    /// <returns>The table.</returns>
    public static ReportTable ToTable(this ConfusionMatrix confusion, string title, int most = 10)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        var rows = confusion.MostConfused(most).Select(pair => new ReportRow(
            confusion.Classes[pair.TrueClass],
            [confusion.Classes[pair.PredictedClass], ReportCell.Number(pair.Count, "0"), ReportCell.Percent(pair.Share)]));
        return new ReportTable(title, ["predicted", "videos", "of the class"], [.. rows]) { RowHeading = "true class" };
    }

    /// <summary>Creates a heat map of the similarity between timesteps.</summary>
    /// <param name="diversity">The similarities.</param>
    /// <param name="title">Heading.</param>
    /// <returns>The figure, with a caption.</returns>
    public static HeatMap ToHeatMap(this TemporalDiversity diversity, string title)
    {
        ArgumentNullException.ThrowIfNull(diversity);
        string[] names = [.. Enumerable.Range(1, diversity.Similarity.GetLength(0)).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        return new HeatMap(title, diversity.Similarity)
        {
            Rows = names,
            Columns = names,
            XLabel = "timestep",
            YLabel = "timestep",
            High = 1,
            Caption = FormattableString.Invariant($"Mean cosine similarity between the features of a clip's timesteps; off-diagonal mean {diversity.MeanOffDiagonal:0.000}. Lower off-diagonal values mean more distinct timesteps."),
        };
    }

    /// <summary>Creates a line chart of the loss terms over the training steps.</summary>
    /// <param name="metrics">The metrics of a run.</param>
    /// <param name="title">Heading.</param>
    /// <returns>The figure.</returns>
    public static LineChart ToLossChart(this TrainingMetrics metrics, string title)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return new LineChart(title, MetricNames.Step, [.. metrics.Terms.Select(metrics.ToSeries)]) { YLabel = "loss" };
    }

    /// <summary>Converts a metric to a line of a <see cref="LineChart"/>.</summary>
    /// <param name="metrics">The metrics of a run.</param>
    /// <param name="name">Name of the metric, for example <c>loss</c>.</param>
    /// <returns>The line.</returns>
    /// <exception cref="KeyNotFoundException">There is no such metric.</exception>
    public static ReportSeries ToSeries(this TrainingMetrics metrics, string name)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return new ReportSeries(name, metrics[name]);
    }

    /// <summary>Creates a figure of clips and their attention maps, two rows for each clip.</summary>
    /// <param name="maps">The attention maps of the clips.</param>
    /// <param name="title">Heading.</param>
    /// <param name="clips">The clips <c>[N, 3, T, H, W]</c>, RGB of any range; each clip is scaled to its own minimum and maximum.</param>
    /// <param name="names">The name of each clip.</param>
    /// <param name="frames">Maximum number of frames shown of each clip, evenly spaced, 1 or more.</param>
    /// <returns>The figure, with a caption.</returns>
    /// <exception cref="ArgumentException">The numbers of clips, maps and names differ, or the sizes of clips and maps.</exception>
    public static ThumbnailGrid ToThumbnails(this IReadOnlyList<AttentionMap> maps, string title, Tensor clips, IReadOnlyList<string> names, int frames = 6)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        if (clips.shape is not [var count, 3, var length, var height, var width]
            || maps.Count != count || names.Count != count || maps.Any(map => map.Frames != length || map.Height != height || map.Width != width))
        {
            throw new ArgumentException(
                $"ToThumbnails: expected RGB clips [N,3,T,H,W] with a map of that size and a name each, got [{string.Join(',', clips.shape)}], {maps.Count} maps and {names.Count} names", nameof(clips));
        }

        var rows = new List<ThumbnailRow>();
        foreach (var (clip, map) in maps.Index())
        {
            byte[][] pixels = Pixels(clips, clip);
            int[] shown = EvenlySpaced(Math.Min(frames, map.Frames), map.Frames);
            rows.Add(new(names[clip], [.. shown.Select(frame => Thumbnail.FromRgb(pixels[frame], map.Width, map.Height, $"frame {frame + 1}"))]));
            rows.Add(new(string.Empty, [.. shown.Select(frame => Thumbnail.FromRgb(map.Overlay(frame, pixels[frame]), map.Width, map.Height, "attention"))]));
        }

        return new ThumbnailGrid(title, rows) { Caption = "Frames, with the energy of the encoder's last feature map below: yellow is high, gray is low, on one scale for each clip." };
    }

    /// <summary>Creates a figure of queries and their nearest neighbors, each shown by the middle frame of the video.</summary>
    /// <remarks>Source: Dave et al., "TCLR" (2022), appendix I.</remarks>
    /// <param name="result">The result of the retrieval.</param>
    /// <param name="title">Heading.</param>
    /// <param name="queries">The queries, in the order of their features.</param>
    /// <param name="gallery">The gallery, in the order of its features.</param>
    /// <param name="reader">The reader of the frames; <see langword="null"/> for an <see cref="OpenCvVideoReader"/>.</param>
    /// <param name="examples">Maximum number of queries, evenly spaced, 1 or more.</param>
    /// <param name="neighbors">Maximum number of neighbors of each query, 1 or more.</param>
    /// <param name="cancellationToken">Cancels between two frames.</param>
    /// <returns>The figure, with a caption. A video that cannot be read has a placeholder.</returns>
    /// <exception cref="ArgumentException">The number of queries differs from that of the result, or a neighbor is not in the gallery.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static ThumbnailGrid ToThumbnails(
        this RetrievalResult result,
        string title,
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
            throw new ArgumentException(FormattableString.Invariant($"ToThumbnails: expected the {result.QueryCount} queries of the result, got {queries.Items.Count}"), nameof(queries));
        }

        reader ??= new OpenCvVideoReader();
        var rows = new List<ThumbnailRow>();
        foreach (int query in EvenlySpaced(Math.Min(examples, result.QueryCount), result.QueryCount))
        {
            string label = queries.Items[query].Label;
            List<Thumbnail> images = [MiddleFrame(reader, queries, query, ThumbnailMark.Reference, cancellationToken)];
            foreach (int found in result.NeighborsOf(query)[..Math.Min(neighbors, result.Depth)])
            {
                if (found >= gallery.Items.Count)
                {
                    throw new ArgumentException(FormattableString.Invariant($"ToThumbnails: expected a gallery with item {found}, got {gallery.Items.Count} items"), nameof(gallery));
                }

                bool correct = string.Equals(gallery.Items[found].Label, label, StringComparison.Ordinal);
                images.Add(MiddleFrame(reader, gallery, found, correct ? ThumbnailMark.Correct : ThumbnailMark.Incorrect, cancellationToken));
            }

            rows.Add(new ThumbnailRow(string.Empty, images));
        }

        return new ThumbnailGrid(title, rows) { Caption = "Each row is a query and its nearest neighbors, nearest first: ✓ same class, ✗ another class." };
    }

    private static Thumbnail MiddleFrame(IVideoReader reader, VideoIndex index, int video, ThumbnailMark mark, CancellationToken cancellationToken)
        => FrameOf(reader, index, video, index.Infos[video].Frames / 2, index.Items[video].Label, mark, cancellationToken);

    /// <summary>A thumbnail of a frame; a placeholder instead of an error that loses the report.</summary>
    private static Thumbnail FrameOf(IVideoReader reader, VideoIndex index, int video, int frame, string caption, ThumbnailMark mark, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var frames = reader.ReadFrames(index.Items[video].Path, [frame], index.Infos[video], cancellationToken);
            return Thumbnail.FromRgb(frames.Frame(0), frames.Width, frames.Height, caption, mark);
        }
        catch (VideoDataException)
        {
            return new Thumbnail(default, caption, mark);
        }
    }

    // The centers of equal intervals.
    private static int[] EvenlySpaced(int count, int total) => [.. Enumerable.Range(0, count).Select(i => (int)(((2L * i) + 1) * total / (2L * count)))];

    /// <summary>The frames of a clip as 8-bit RGB, scaled to the minimum and maximum of the clip.</summary>
    private static byte[][] Pixels(Tensor clips, int clip)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var frames = clips.select(0, clip).to(ScalarType.Float32).cpu().permute(1, 2, 3, 0).contiguous();
        float[] values = frames.data<float>().ToArray();
        float low = values.Min(), range = Math.Max(values.Max() - low, float.Epsilon);
        return [.. values.Chunk(values.Length / (int)frames.shape[0]).Select(frame => Array.ConvertAll(frame, value => (byte)Math.Round(255 * (value - low) / range)))];
    }
}
