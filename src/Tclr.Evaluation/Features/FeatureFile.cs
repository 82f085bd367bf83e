using System.Buffers.Binary;
using System.Text.Json;

namespace Tclr.Evaluation;

/// <summary>
/// The format of a feature file, little endian: 8 bytes of name and version, the length of the index (Int64),
/// the index as JSON, a byte for each video (1 if its feature is written), and, aligned to 64 bytes,
/// the features as float32.
/// </summary>
/// <param name="Encoder">The encoder's fingerprint.</param>
/// <param name="Clips">The settings of the clips.</param>
/// <param name="Pooling">How features are averaged.</param>
/// <param name="Dimension">Dimension of a feature.</param>
/// <param name="Samples">Names of the videos.</param>
internal sealed record FeatureFile(string Encoder, string Clips, FeaturePooling Pooling, int Dimension, IReadOnlyList<string> Samples)
{
    private const int PrefixLength = 16;
    private const int Alignment = 64;

    // Files of earlier builds have names in PascalCase.
    private static readonly JsonSerializerOptions Json = new(TclrJson.Compact) { PropertyNameCaseInsensitive = true };

    private static ReadOnlySpan<byte> Magic => "TCLRFT\0\u0001"u8;

    /// <summary>Offset of the flags.</summary>
    public static long FlagsAt(int indexLength) => PrefixLength + indexLength;

    /// <summary>Offset of the features.</summary>
    public long FeaturesAt(int indexLength) => (FlagsAt(indexLength) + Samples.Count + Alignment - 1) / Alignment * Alignment;

    /// <summary>Size of the file.</summary>
    public long Length(int indexLength) => FeaturesAt(indexLength) + ((long)Samples.Count * Dimension * sizeof(float));

    /// <summary>Writes a new file without features.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Create(string path)
    {
        byte[] index = JsonSerializer.SerializeToUtf8Bytes(this, Json);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(
            path,
            file =>
            {
                Span<byte> length = stackalloc byte[sizeof(long)];
                BinaryPrimitives.WriteInt64LittleEndian(length, index.Length);
                file.Write(Magic);
                file.Write(length);
                file.Write(index);
                file.SetLength(Length(index.Length));
            },
            overwrite: false,
            preallocate: Length(index.Length));
    }

    /// <summary>Reads the index of a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not a feature file, or damaged.</exception>
    public static (FeatureFile File, int IndexLength) Read(FileStream file)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        file.Position = 0;
        if (file.ReadAtLeast(prefix, PrefixLength, throwOnEndOfStream: false) < PrefixLength || !prefix.StartsWith(Magic))
        {
            throw new InvalidDataException("it is not a feature file, or one of another version");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(prefix[^sizeof(long)..]);
        if (length < 2 || length > Math.Min(Array.MaxLength, file.Length - PrefixLength))
        {
            throw new InvalidDataException("its index is damaged");
        }

        byte[] index = new byte[length];
        file.ReadExactly(index);
        FeatureFile? found = null;
        try
        {
            found = JsonSerializer.Deserialize<FeatureFile>(index, Json);
        }
        catch (JsonException)
        {
            // Reported below.
        }

        if (found is not { Encoder: not null, Clips: not null, Samples: not null, Dimension: > 0 } || file.Length != found.Length((int)length))
        {
            throw new InvalidDataException("its index is damaged, or it is truncated");
        }

        return (found, (int)length);
    }

    /// <summary>Compares this file with the expected one.</summary>
    /// <returns>A phrase for each difference.</returns>
    public IEnumerable<string> DifferencesTo(FeatureFile wanted)
    {
        if (!string.Equals(Encoder, wanted.Encoder, StringComparison.Ordinal))
        {
            yield return $"of encoder '{Encoder}', expected '{wanted.Encoder}'";
        }

        if (!string.Equals(Clips, wanted.Clips, StringComparison.Ordinal))
        {
            yield return $"of clips '{Clips}', expected '{wanted.Clips}'";
        }

        if (Pooling != wanted.Pooling || Dimension != wanted.Dimension)
        {
            yield return FormattableString.Invariant($"of dimension {Dimension} ({Pooling}), expected {wanted.Dimension} ({wanted.Pooling})");
        }

        if (!Samples.SequenceEqual(wanted.Samples, StringComparer.Ordinal))
        {
            int first = Samples.Zip(wanted.Samples).TakeWhile(pair => string.Equals(pair.First, pair.Second, StringComparison.Ordinal)).Count();
            yield return FormattableString.Invariant(
                $"of {Samples.Count} other videos, expected {wanted.Samples.Count} (video {first} is '{Samples.ElementAtOrDefault(first)}', expected '{wanted.Samples.ElementAtOrDefault(first)}')");
        }
    }
}
