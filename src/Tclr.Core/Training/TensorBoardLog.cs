using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Tclr.Core;

/// <summary>
/// Writes scalars for TensorBoard: an event file of protobuf messages, each in a TFRecord frame (length, payload and
/// their checksums). The layouts are those of TensorFlow's event.proto, summary.proto and record writer.
/// </summary>
internal sealed class TensorBoardLog : IDisposable
{
    // Field number times 8 plus wire type: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.
    private const byte EventWallTime = (1 << 3) | 1;
    private const byte EventStep = 2 << 3;
    private const byte EventFileVersion = (3 << 3) | 2;
    private const byte EventSummary = (5 << 3) | 2;
    private const byte SummaryValue = (1 << 3) | 2;
    private const byte ValueTag = (1 << 3) | 2;
    private const byte ValueSimple = (2 << 3) | 5;
    private const uint MaskDelta = 0xA282EAD8;

    private readonly FileStream file;

    /// <summary>Opens a new event file; files of earlier runs in the folder stay.</summary>
    /// <param name="folder">The folder that TensorBoard is pointed at.</param>
    public TensorBoardLog(string folder)
    {
        Directory.CreateDirectory(folder);
        var now = DateTimeOffset.UtcNow;
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{now.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}"));
        string free = Enumerable.Range(0, int.MaxValue).Select(n => n == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}.{n}")).First(name => !File.Exists(name));

        // TensorBoard reads while a run writes.
        file = new FileStream(free, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        Write(now, message =>
        {
            message.Write(EventFileVersion);
            message.Write("brain.Event:2");
        });
        Flush();
    }

    /// <summary>Masked CRC-32C, the checksum of TFRecord files.</summary>
    /// <param name="bytes">What it is of.</param>
    /// <returns>The checksum, rotated and shifted so that it differs from a checksum inside the payload.</returns>
    public static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return unchecked(BitOperations.RotateRight(~crc, 15) + MaskDelta);
    }

    /// <summary>Writes a value. NaN and infinities are written as they are; TensorBoard shows them as such.</summary>
    /// <param name="tag">Its name; slashes group.</param>
    /// <param name="value">The value, kept in single precision.</param>
    /// <param name="step">The step it belongs to.</param>
    /// <param name="time">When it was measured.</param>
    public void Scalar(string tag, double value, long step, DateTimeOffset time)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        byte[] named = Message(message =>
        {
            message.Write(ValueTag);
            message.Write(tag);
            message.Write(ValueSimple);
            message.Write((float)value);
        });
        byte[] summary = Message(message => Nested(message, SummaryValue, named));
        Write(time, message =>
        {
            message.Write(EventStep);
            message.Write7BitEncodedInt64(step);
            Nested(message, EventSummary, summary);
        });
    }

    /// <summary>Hands what was written to the operating system, so that TensorBoard sees it.</summary>
    public void Flush() => file.Flush();

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    // A BinaryWriter is little-endian, and its strings and 7-bit integers are protobuf's.
    private static byte[] Message(Action<BinaryWriter> fields)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        fields(writer);
        writer.Flush();
        return memory.ToArray();
    }

    private static void Nested(BinaryWriter message, byte field, byte[] inner)
    {
        message.Write(field);
        message.Write7BitEncodedInt(inner.Length);
        message.Write(inner);
    }

    private void Write(DateTimeOffset time, Action<BinaryWriter> fields)
    {
        byte[] payload = Message(message =>
        {
            message.Write(EventWallTime);
            message.Write((time - DateTimeOffset.UnixEpoch).TotalSeconds);
            fields(message);
        });
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(header, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], MaskedCrc(header[..8]));
        Span<byte> footer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(footer, MaskedCrc(payload));
        file.Write(header);
        file.Write(payload);
        file.Write(footer);
    }
}
