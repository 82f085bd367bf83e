namespace Tclr.Data.Tests;

/// <summary>Writes uncompressed AVI files by hand, for sizes that no encoder takes.</summary>
internal static class RawVideo
{
    /// <summary>Writes a video whose pixels are those of <see cref="FakeVideoReader.Frame"/>.</summary>
    public static string Write(string path, int frames, int width, int height, int video = 0)
    {
        int row = ((width * 3) + 3) / 4 * 4;
        return WriteAvi(path, "DIB ", "\0\0\0\0", width, height, [.. Enumerable.Range(0, frames).Select(i => Picture(FakeVideoReader.Frame(video, i, width, height), width, height, row))]);
    }

    /// <summary>Writes an AVI file of pictures that are coded already.</summary>
    public static string WriteAvi(string path, string codec, string compression, int width, int height, IReadOnlyList<byte[]> pictures)
    {
        int frames = pictures.Count, size = pictures.Max(picture => picture.Length);
        byte[] tag = [.. codec.Select(c => (byte)c)];
        byte[] header = List(
            "hdrl",
            Chunk("avih", Words(40_000, size * 25, 0, 0x10, frames, 0, 1, size, width, height, 0, 0, 0, 0)),
            List(
                "strl",
                Chunk("strh", [.. "vids"u8, .. tag, .. Words(0, 0, 0, 1, 25, 0, frames, size, -1, 0), .. new byte[8]]),
                Chunk("strf", [.. Words(40, width, height, 1 | (24 << 16)), .. compression.Select(c => (byte)c), .. Words(size, 0, 0, 0, 0)])));
        byte[][] chunks = [.. pictures.Select(picture => Chunk("00dc", picture))];
        var places = new List<byte>();
        int at = 4;
        foreach (var (picture, chunk) in pictures.Zip(chunks))
        {
            places.AddRange([.. "00dc"u8, .. Words(0x10, at, picture.Length)]);
            at += chunk.Length;
        }

        byte[] body = [.. "AVI "u8, .. header, .. List("movi", chunks), .. Chunk("idx1", [.. places])];
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
