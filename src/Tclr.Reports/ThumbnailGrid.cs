using System.Text.Json.Serialization;
using OpenCvSharp;

namespace Tclr.Reports;

/// <summary>Rows of small pictures, for example of retrieved videos.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Rows">Rows.</param>
public sealed record ThumbnailGrid(string Title, IReadOnlyList<ThumbnailRow> Rows) : ReportFigure(Title)
{
    internal const string Kind = "thumbnails";
}

/// <summary>A row of a <see cref="ThumbnailGrid"/>.</summary>
/// <param name="Name">Text above the row; may be empty.</param>
/// <param name="Images">Pictures, from left to right.</param>
public sealed record ThumbnailRow(string Name, IReadOnlyList<Thumbnail> Images);

/// <summary>Highlighting of a <see cref="Thumbnail"/>.</summary>
public enum ThumbnailMark
{
    /// <summary>No highlighting.</summary>
    None,

    /// <summary>The reference of the row, for example a query.</summary>
    Reference,

    /// <summary>A correct result.</summary>
    [JsonStringEnumMemberName("right")]
    Correct,

    /// <summary>An incorrect result.</summary>
    [JsonStringEnumMemberName("wrong")]
    Incorrect,
}

/// <summary>A small picture of a <see cref="ThumbnailGrid"/>.</summary>
/// <param name="Data">Content of a JPEG or PNG file, shown in HTML only; empty for a placeholder.</param>
/// <param name="Caption">Text below the picture; may be empty.</param>
/// <param name="Mark">Highlighting.</param>
public sealed record Thumbnail([property: JsonIgnore] ReadOnlyMemory<byte> Data, string Caption = "", ThumbnailMark Mark = ThumbnailMark.None)
{
    private const int JpegQualityFlag = 1;
    private const int JpegQuality = 82;

    // JSON omits the pictures.
    [JsonConstructor]
    private Thumbnail(string caption, ThumbnailMark mark)
        : this(default, caption, mark)
    {
    }

    /// <summary>Creates a thumbnail of a frame, as JPEG.</summary>
    /// <param name="rgb">Pixels, 8-bit RGB <c>[height, width, 3]</c>.</param>
    /// <param name="width">Width in pixels, 1 or more.</param>
    /// <param name="height">Height in pixels, 1 or more.</param>
    /// <param name="caption">Text below the picture.</param>
    /// <param name="mark">Highlighting.</param>
    /// <param name="longestSide">Longest side of the thumbnail in pixels, 1 or more; smaller frames are not enlarged.</param>
    /// <returns>The thumbnail.</returns>
    /// <exception cref="ArgumentException"><paramref name="rgb"/> does not have <c>height * width * 3</c> bytes, or a size is less than 1.</exception>
    public static unsafe Thumbnail FromRgb(
        ReadOnlySpan<byte> rgb, int width, int height, string caption = "", ThumbnailMark mark = ThumbnailMark.None, int longestSide = 144)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(longestSide, 1);
        if (rgb.Length != 3L * width * height)
        {
            throw new ArgumentException(FormattableString.Invariant($"Thumbnail: expected {3L * width * height} bytes for {width}x{height} RGB pixels, got {rgb.Length}"), nameof(rgb));
        }

        double scale = Math.Min(1, (double)longestSide / Math.Max(width, height));
        var size = new Size(Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
        fixed (byte* pixels = rgb)
        {
            using var source = Mat.FromPixelData(height, width, MatType.CV_8UC3, (nint)pixels);
            using var small = new Mat();
            using var bgr = new Mat();
            Cv2.Resize(source, small, size, 0, 0, InterpolationFlags.Area);
            Cv2.CvtColor(small, bgr, ColorConversionCodes.RGB2BGR);
            Cv2.ImEncode(".jpg", bgr, out byte[] jpeg, prms: new[] { JpegQualityFlag, JpegQuality });
            return new Thumbnail(jpeg, caption, mark);
        }
    }
}
