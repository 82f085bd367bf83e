using System.Buffers.Binary;
using System.Text;

namespace Tclr.Core.Tests;

/// <summary>Reads frames and protobuf fields of event files on its own, with a bitwise CRC.</summary>
internal static class EventFileReader
{
    public static List<Event> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var events = new List<Event>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)), Is.EqualTo(SlowMaskedCrc(bytes.AsSpan(at, 8))));
            var payload = bytes.AsSpan(at + 12, length);
            Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)), Is.EqualTo(SlowMaskedCrc(payload)));
            events.Add(EventOf(payload.ToArray()));
            at += 12 + length + 4;
        }

        return events;
    }

    private static Event EventOf(byte[] payload)
    {
        var fields = Fields(payload);
        double time = BitConverter.ToDouble(fields[1]);
        long step = fields.TryGetValue(2, out byte[]? bytes) ? BitConverter.ToInt64(bytes) : 0;
        if (!fields.TryGetValue(5, out byte[]? summary))
        {
            return new Event(time, step, fields.TryGetValue(3, out byte[]? version) ? Encoding.UTF8.GetString(version) : null, 0);
        }

        var value = Fields(Fields(summary)[1]);
        return new Event(time, step, Encoding.UTF8.GetString(value[1]), BitConverter.ToSingle(value[2]));
    }

    private static Dictionary<int, byte[]> Fields(byte[] message)
    {
        var fields = new Dictionary<int, byte[]>();
        int at = 0;
        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte b = message[at++];
                value |= (ulong)(b & 0x7F) << shift;
                if (b < 0x80)
                {
                    return value;
                }
            }
        }

        while (at < message.Length)
        {
            int key = (int)Varint();
            byte[] bytes;
            if ((key & 7) == 0)
            {
                bytes = BitConverter.GetBytes(Varint());
            }
            else
            {
                int length = (key & 7) switch { 1 => 8, 5 => 4, _ => (int)Varint() };
                bytes = message[at..(at + length)];
                at += length;
            }

            fields.Add(key >> 3, bytes);
        }

        return fields;
    }

    private static uint SlowMaskedCrc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        crc = ~crc;
        return unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
    }

    /// <summary>An event: a scalar, the start of a session (without tag and value), or the version of the file as tag.</summary>
    internal sealed record Event(double WallTime, long Step, string? Tag, float Value);
}
