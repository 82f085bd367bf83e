using System.Buffers.Binary;
using System.Text.Json;

namespace Tclr.Evaluation;

/// <summary>
/// The layout of a file of features: 8 bytes of name and version, the length of the index (Int64, little endian as all),
/// the index as JSON, a byte for each video that says whether its feature is there, and from the next multiple of 64 on
/// the features, float32, one after the other.
/// </summary>
/// <param name="Encoder">The encoder's fingerprint.</param>
/// <param name="Clips">What decides about the clips.</param>
/// <param name="Pooling">What became of the timesteps.</param>
/// <param name="Dimension">Length of a feature.</param>
/// <param name="Samples">Names of the videos.</param>
internal sealed record FeatureFile(string Encoder, string Clips, FeaturePooling Pooling, int Dimension, IReadOnlyList<string> Samples)
{
    private const int PrefixLength = 16;
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => "TCLRFT\0\u0001"u8;

    /// <summary>Where the flags begin.</summary>
    public static long FlagsAt(int indexLength) => PrefixLength + indexLength;

    /// <summary>Where the features begin.</summary>
    public long FeaturesAt(int indexLength) => (FlagsAt(indexLength) + Samples.Count + Alignment - 1) / Alignment * Alignment;

    /// <summary>Size of the whole file.</summary>
    public long Length(int indexLength) => FeaturesAt(indexLength) + ((long)Samples.Count * Dimension * sizeof(float));

    /// <summary>Writes a new file without features.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Create(string path)
    {
        byte[] index = JsonSerializer.SerializeToUtf8Bytes(this);
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
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    public static (FeatureFile File, int IndexLength) Read(FileStream file)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        file.Position = 0;
        if (file.ReadAtLeast(prefix, PrefixLength, throwOnEndOfStream: false) < PrefixLength || !prefix.StartsWith(Magic))
        {
            throw new InvalidDataException("it is no file of features, or of another version");
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
            found = JsonSerializer.Deserialize<FeatureFile>(index);
        }
        catch (JsonException)
        {
            // Told below.
        }

        if (found is not { Encoder: not null, Clips: not null, Samples: not null, Dimension: > 0 } || file.Length != found.Length((int)length))
        {
            throw new InvalidDataException("its index is damaged, or its end is missing");
        }

        return (found, (int)length);
    }

    /// <summary>Says how this file, which is there, differs from another, which is wanted.</summary>
    /// <returns>A phrase for each difference; none where all is alike.</returns>
    public IEnumerable<string> DifferencesTo(FeatureFile wanted)
    {
        if (!string.Equals(Encoder, wanted.Encoder, StringComparison.Ordinal))
        {
            yield return $"of encoder '{Encoder}', and this one is '{wanted.Encoder}'";
        }

        if (!string.Equals(Clips, wanted.Clips, StringComparison.Ordinal))
        {
            yield return $"of other clips ('{Clips}', and these are '{wanted.Clips}')";
        }

        if (Pooling != wanted.Pooling || Dimension != wanted.Dimension)
        {
            yield return FormattableString.Invariant($"of length {Dimension} ({Pooling}), and these have {wanted.Dimension} ({wanted.Pooling})");
        }

        if (!Samples.SequenceEqual(wanted.Samples, StringComparer.Ordinal))
        {
            int first = Samples.Zip(wanted.Samples).TakeWhile(pair => string.Equals(pair.First, pair.Second, StringComparison.Ordinal)).Count();
            yield return FormattableString.Invariant(
                $"of {Samples.Count} other videos (these are {wanted.Samples.Count}; video {first} is '{Samples.ElementAtOrDefault(first)}', and here '{wanted.Samples.ElementAtOrDefault(first)}')");
        }
    }
}
