using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Tclr.Weights.Tests;

/// <summary>Files made byte by byte.</summary>
internal static class BadFile
{
    /// <summary>A safetensors file of a header and some bytes of data.</summary>
    public static byte[] SafeTensors(string header, int dataBytes, long? headerLength = null) => SafeTensors(Encoding.UTF8.GetBytes(header), dataBytes, headerLength);

    public static byte[] SafeTensors(byte[] header, int dataBytes, long? headerLength = null)
    {
        var file = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, headerLength ?? header.Length);
        header.CopyTo(file, 8);
        return file;
    }

    /// <summary>A checkpoint of a pickle, written with Latin-1 letters for its bytes, and a storage '0' of some bytes.</summary>
    public static byte[] Checkpoint(string pickle, int storageBytes = 8, CompressionLevel level = CompressionLevel.NoCompression, string folder = "archive/")
        => Zip(level, (folder + "data.pkl", Encoding.Latin1.GetBytes(pickle)), (folder + "data/0", new byte[storageBytes]));

    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Data)[] records)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, data) in records)
            {
                using var record = archive.CreateEntry(name, level).Open();
                record.Write(data);
            }
        }

        return file.ToArray();
    }

    /// <summary>The header and 8 bytes of a record, in Latin-1 letters.</summary>
    public static string LocalRecord(string name)
        => Encoding.Latin1.GetString(Zip(CompressionLevel.NoCompression, (name, new byte[8])).AsSpan(0, 30 + name.Length + 8));

    /// <summary>An archive with other bytes near a name in its directory.</summary>
    public static byte[] Patched(byte[] archive, string name, int fromName, byte[] bytes)
    {
        int at = archive.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(name));
        bytes.CopyTo(archive, at + fromName);
        return archive;
    }

    /// <summary>The pickle of <c>{'a': tensor}</c> over the storage '0'.</summary>
    public static string Pickle(
        string sizes = "K\u0002\u0085", string strides = "K\u0001\u0085", string offset = "K\0", string elements = "K\u0002", string type = "FloatStorage", string key = "0")
        => "\u0080\u0002}X\u0001\0\0\0actorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\n" + type + "\nX" + (char)key.Length + "\0\0\0" + key
            + "X\u0003\0\0\0cpu" + elements + "tQ" + offset + sizes + strides + "\u0089ccollections\nOrderedDict\n)RtRs.";
}
