using System.Buffers.Binary;
using System.Text;

namespace Tclr.Fuzz;

/// <summary>Changes files at random, as AFL's havoc stage does: bits, numbers, copies, words of the format, parts of other files.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<string> tokens)
{
    private const int MaximumLength = 1 << 16;

    private static readonly long[] Numbers = [0, 1, 2, -1, 16, 31, 32, 64, 100, 127, 128, 255, 256, 512, 1000, 1024, 4096, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 100_663_045];
    private static readonly string[] Texts = ["null", "true", "{}", "[]", "\"\"", "0", "-1", "1e999", "9223372036854775807", "1.5", "\"NaN\"", "[[", "{\"a\":", ",", "..", "/", "\\", "\u0000", "\n", "\uFFFD"];

    /// <summary>Makes a new file from those at hand.</summary>
    public byte[] Next(IReadOnlyList<byte[]> corpus)
    {
        byte[] chosen = corpus[random.Next(corpus.Count)];
        List<byte> bytes = [.. chosen];
        if (random.Next(8) == 0)
        {
            byte[] other = corpus[random.Next(corpus.Count)];
            int cut = random.Next(bytes.Count + 1), from = random.Next(other.Length + 1);
            bytes.RemoveRange(cut, bytes.Count - cut);
            bytes.AddRange(other[from..]);
        }

        for (int edits = 1 << random.Next(5); edits > 0; edits--)
        {
            if (bytes.Count == 0)
            {
                bytes.Add((byte)random.Next(256));
            }

            Edit(bytes, random.Next(bytes.Count), corpus);
        }

        return [.. bytes.Take(Math.Max(MaximumLength, 2 * chosen.Length))];
    }

    private void Edit(List<byte> bytes, int at, IReadOnlyList<byte[]> corpus)
    {
        switch (random.Next(12))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes[at] = (byte)(bytes[at] + random.Next(-35, 36));
                break;
            case 3:
                Number(bytes, at);
                break;
            case 4:
                bytes.RemoveRange(at, Math.Min(Length(), bytes.Count - at));
                break;
            case 5:
                byte[] noise = new byte[Length()];
                random.NextBytes(noise);
                bytes.InsertRange(at, noise);
                break;
            case 6:
                int from = random.Next(bytes.Count);
                bytes.InsertRange(at, bytes.GetRange(from, Math.Min(Length(), bytes.Count - from)));
                break;
            case 7:
                int source = random.Next(bytes.Count), count = Math.Min(Length(), bytes.Count - Math.Max(source, at));
                for (int i = 0; i < count; i++)
                {
                    bytes[at + i] = bytes[source + i];
                }

                break;
            case 8 or 9:
                Token(bytes, at);
                break;
            case 10:
                byte[] other = corpus[random.Next(corpus.Count)];
                int begin = random.Next(other.Length + 1);
                bytes.InsertRange(at, other.AsSpan(begin, Math.Min(Length(), other.Length - begin)).ToArray());
                break;
            default:
                if (random.Next(8) == 0)
                {
                    bytes.RemoveRange(at, bytes.Count - at);
                }

                break;
        }
    }

    private void Number(List<byte> bytes, int at)
    {
        byte[] eight = new byte[sizeof(long)];
        long value = Numbers[random.Next(Numbers.Length)];
        bool big = random.Next(2) == 0;
        BinaryPrimitives.WriteInt64LittleEndian(eight, value);
        byte[] number = eight[..(1 << random.Next(4))];
        if (big)
        {
            number.AsSpan().Reverse();
        }

        for (int i = 0; i < number.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }

    // Over what is there, or between.
    private void Token(List<byte> bytes, int at)
    {
        string text = tokens.Count > 0 && random.Next(2) == 0 ? tokens[random.Next(tokens.Count)] : Texts[random.Next(Texts.Length)];
        byte[] token = Encoding.UTF8.GetBytes(text);
        if (random.Next(2) == 0)
        {
            bytes.RemoveRange(at, Math.Min(random.Next(token.Length + 1), bytes.Count - at));
        }

        bytes.InsertRange(at, token);
    }

    private int Length() => random.Next(8) == 0 ? random.Next(1, 256) : random.Next(1, 17);
}
