using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Google.Protobuf;
using Tensorboard;

namespace Tclr.Core;

/// <summary>
/// A TensorBoard event file of TFRecord frames (length, payload and their checksums). Replaces TorchSharp's <c>SummaryWriter</c>, which
/// reopens the file for each scalar.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const uint MaskDelta = 0xA282EAD8;

    // Shared, since TensorBoard reads during the run.
    private const FileShare Share = FileShare.ReadWrite | FileShare.Delete;

    private FileStream file;

    /// <summary>Creates an event file beside those of earlier runs.</summary>
    /// <param name="folder">The log folder of TensorBoard.</param>
    public EventFile(string folder)
    {
        Directory.CreateDirectory(folder);
        var now = DateTimeOffset.UtcNow;
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{now.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}"));
        string free = Enumerable.Range(0, int.MaxValue).Select(n => n == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}.{n}")).First(name => !File.Exists(name));
        file = new FileStream(free, FileMode.CreateNew, FileAccess.ReadWrite, Share);
        try
        {
            Write(new Event { FileVersion = "brain.Event:2" }, now);
            Flush();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Computes the masked CRC-32C of TFRecord files.</summary>
    public static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return unchecked(BitOperations.RotateRight(~crc, 15) + MaskDelta);
    }

    /// <summary>Marks a restart: TensorBoard discards scalars of this step and later ones from earlier files.</summary>
    public void WriteStart(long step, DateTimeOffset time)
        => Write(new Event { Step = step, SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } }, time);

    /// <summary>Writes a scalar in single precision. Slashes in the tag form groups.</summary>
    public void WriteScalar(string tag, double value, long step, DateTimeOffset time)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        var summary = new Summary { Value = { new Summary.Types.Value { Tag = tag, SimpleValue = (float)value } } };
        Write(new Event { Step = step, Summary = summary }, time);
    }

    /// <summary>Flushes to the operating system, so that TensorBoard sees the values.</summary>
    public void Flush()
    {
        file.Flush();
        file = OpenFile.WriteAgainIfDeleted(file, Share);
    }

    public void Dispose() => file.Dispose();

    private void Write(Event message, DateTimeOffset time)
    {
        message.WallTime = (time - DateTimeOffset.UnixEpoch).TotalSeconds;
        byte[] payload = message.ToByteArray();
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
