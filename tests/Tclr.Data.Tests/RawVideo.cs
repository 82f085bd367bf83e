namespace Tclr.Data.Tests;

/// <summary>Writes uncompressed AVI files by hand, for sizes that no encoder takes.</summary>
internal static class RawVideo
{
    /// <summary>Writes a video whose pixels are those of <see cref="TestVideos.Frame"/>.</summary>
    public static string Write(string path, int frames, int width, int height, int video = 0)
    {
        int row = ((width * 3) + 3) / 4 * 4, size = row * height;
        byte[] header = List(
            "hdrl",
            Chunk("avih", Words(40_000, size * 25, 0, 0x10, frames, 0, 1, size, width, height, 0, 0, 0, 0)),
            List(
                "strl",
                Chunk("strh", [.. "vidsDIB "u8, .. Words(0, 0, 0, 1, 25, 0, frames, size, -1, 0), .. new byte[8]]),
                Chunk("strf", Words(40, width, height, 1 | (24 << 16), 0, size, 0, 0, 0, 0))));
        byte[][] pictures = [.. Enumerable.Range(0, frames).Select(i => Chunk("00db", Picture(TestVideos.Frame(video, i, width, height), width, height, row)))];
        byte[] index = Chunk("idx1", [.. Enumerable.Range(0, frames).SelectMany(i => (byte[])[.. "00db"u8, .. Words(0x10, 4 + (i * (8 + size)), size)])]);
        byte[] body = [.. "AVI "u8, .. header, .. List("movi", pictures), .. index];
        File.WriteAllBytes(path, Chunk("RIFF", body));
        return path;
    }

    // Rows from the lowest up, blue first, each of a multiple of four bytes.
    private static byte[] Picture(byte[] rgb, int width, int height, int row)
    {
        byte[] picture = new byte[row * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int from = ((y * width) + x) * 3, to = ((height - 1 - y) * row) + (x * 3);
                (picture[to], picture[to + 1], picture[to + 2]) = (rgb[from + 2], rgb[from + 1], rgb[from]);
            }
        }

        return picture;
    }

    private static byte[] List(string name, params byte[][] parts) => Chunk("LIST", [.. name.Select(c => (byte)c), .. parts.SelectMany(part => part)]);

    private static byte[] Chunk(string name, byte[] content) => [.. name.Select(c => (byte)c), .. Words(content.Length), .. content, .. new byte[content.Length % 2]];

    private static byte[] Words(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
