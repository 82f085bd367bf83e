using System.Text;

namespace Tclr.Data;

/// <summary>Reads a stream of pictures in PPM format (P6, 8-bit).</summary>
internal sealed class PpmStream(Stream stream)
{
    private const int LongestHeader = 64;
    private const int Depth = 255;

    private readonly byte[] one = new byte[1];

    /// <summary>Reads the header of the next picture; its pixels, RGB <c>[H, W, 3]</c>, follow in the stream.</summary>
    /// <returns>Width and height; <see langword="null"/> at the end.</returns>
    public (int Width, int Height)? Next()
        => Word() is not "P6" ? null
            : int.TryParse(Word(), out int width) && int.TryParse(Word(), out int height) && int.TryParse(Word(), out int depth) && depth == Depth ? (width, height)
            : null;

    /// <summary>Reads the pixels of a picture.</summary>
    /// <returns>Whether all of them were read.</returns>
    public bool Pixels(Span<byte> target) => stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) == target.Length;

    // Up to the white space after it, a single character in the headers that ffmpeg writes.
    private string Word()
    {
        var word = new StringBuilder();
        while (word.Length < LongestHeader && stream.Read(one) == 1 && !char.IsWhiteSpace((char)one[0]))
        {
            word.Append((char)one[0]);
        }

        return word.ToString();
    }
}
