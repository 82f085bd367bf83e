using System.Security.Cryptography;
using System.Text.Json;

namespace Tclr.Core;

/// <summary>The <c>manifest.json</c> of a checkpoint: its files with their lengths and SHA-256.</summary>
internal sealed record CheckpointManifest(Dictionary<string, CheckpointManifest.Entry> Files)
{
    private const string FileName = "manifest.json";

    /// <summary>A file's length and its SHA-256 as hexadecimal digits.</summary>
    internal sealed record Entry(long Bytes, string Sha256);

    public static CheckpointManifest Read(string folder)
        => JsonSerializer.Deserialize<CheckpointManifest>(File.ReadAllBytes(Path.Combine(folder, FileName)), TclrJson.Indented) is { } manifest && manifest.Files.Values.All(entry => entry is not null)
            ? manifest
            : throw new InvalidDataException($"{FileName} is empty, or has a file without length and checksum");

    /// <summary>Writes a file to the disk and adds it.</summary>
    public void Write(string folder, string name, Action<Stream> write)
    {
        string path = Path.Combine(folder, name);
        using var sha = SHA256.Create();
        FileFaults.Before("create", path);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        using (var hashed = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true))
        {
            write(hashed);
        }

        FileFaults.Before("flush", path);
        file.Flush(flushToDisk: true);
        Files[name] = new Entry(file.Length, Convert.ToHexStringLower(sha.Hash!));
    }

    /// <summary>Writes the manifest.</summary>
    public void Save(string folder) => AtomicFile.Write(Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, this, TclrJson.Indented));

    /// <summary>Reads all files and compares them.</summary>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public string? Damage(string folder)
    {
        foreach (var (name, expected) in Files)
        {
            string path = Path.Combine(folder, name);
            if (!string.Equals(Path.GetFileName(name), name, StringComparison.Ordinal) || !File.Exists(path))
            {
                return $"'{name}' is missing";
            }

            FileFaults.Before("read", path);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);
            if (stream.Length != expected.Bytes)
            {
                return FormattableString.Invariant($"'{name}' has {stream.Length} bytes instead of {expected.Bytes}");
            }

            if (!string.Equals(Convert.ToHexStringLower(SHA256.HashData(stream)), expected.Sha256, StringComparison.Ordinal))
            {
                return $"'{name}' has other content than was written";
            }
        }

        return null;
    }
}
