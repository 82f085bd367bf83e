using System.Security.Cryptography;
using System.Text.Json;

namespace Tclr.Core;

/// <summary>What files a checkpoint has, with their lengths and SHA-256.</summary>
internal sealed record CheckpointManifest(IReadOnlyDictionary<string, CheckpointManifest.Entry> Files)
{
    public const string FileName = "manifest.json";

    /// <summary>A file's length and its SHA-256 in hexadecimal digits.</summary>
    internal sealed record Entry(long Bytes, string Sha256);

    public static CheckpointManifest Read(string folder)
        => JsonSerializer.Deserialize<CheckpointManifest>(File.ReadAllBytes(Path.Combine(folder, FileName)), CheckpointJson.Options)
            ?? throw new InvalidDataException($"{FileName} is empty");

    /// <summary>Reads all files back.</summary>
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
