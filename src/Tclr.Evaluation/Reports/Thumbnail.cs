using OpenCvSharp;

namespace Tclr.Evaluation;

/// <summary>A small picture of a <see cref="ThumbnailGrid"/>.</summary>
/// <param name="Data">The content of a JPEG or PNG file; empty where there is no picture, which shows as an empty frame.</param>
/// <param name="Caption">A line below it; may be empty.</param>
/// <param name="Mark">How it stands out.</param>
public sealed record Thumbnail(ReadOnlyMemory<byte> Data, string Caption = "", ThumbnailMark Mark = ThumbnailMark.None)
{
    private const int JpegQualityFlag = 1;

    /// <summary>Shrinks and encodes a frame as JPEG.</summary>
    /// <param name="rgb">Pixels, 8-bit RGB <c>[height, width, 3]</c>.</param>
    /// <param name="width">Width in pixels, 1 or more.</param>
    /// <param name="height">Height in pixels, 1 or more.</param>
    /// <param name="caption">A line below it.</param>
    /// <param name="mark">How it stands out.</param>
    /// <param name="longestSide">What the longer side is shrunk to, in pixels, 1 or more; smaller frames stay as they are.</param>
    /// <returns>The thumbnail.</returns>
    /// <exception cref="ArgumentException">There are not <c>height * width * 3</c> bytes, or a size is below 1.</exception>
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
            using var colors = new Mat();
            Cv2.Resize(source, small, size, 0, 0, InterpolationFlags.Area);
            Cv2.CvtColor(small, colors, ColorConversionCodes.BGR2RGB);
            Cv2.ImEncode(".jpg", colors, out byte[] jpeg, prms: new[] { JpegQualityFlag, 82 });
            return new Thumbnail(jpeg, caption, mark);
        }
    }
}
