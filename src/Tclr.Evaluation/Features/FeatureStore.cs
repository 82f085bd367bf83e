using System.IO.MemoryMappedFiles;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>A file with features of videos, mapped into memory and read on request.</summary>
/// <remarks>
/// <see cref="FeatureExtractor.ExtractAsync(IVideoClips, string, int, IProgress{int}?, CancellationToken)"/> writes it. The
/// file records the encoder, the clips and the completed videos. Reading is thread-safe.
/// </remarks>
/// <example><code>
/// using var gallery = FeatureStore.Open("train.features");
/// using var queries = FeatureStore.Open("test.features");
/// var result = Retrieval.Evaluate(queries, testLabels, gallery, trainLabels, RetrievalOptions.Tclr);
/// </code></example>
public sealed class FeatureStore : IDisposable
{
    private readonly FeatureFile file;
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly long flagsAt;
    private readonly long featuresAt;

    private FeatureStore(string path, FeatureFile file, int indexLength, FileStream stream)
    {
        Path = path;
        this.file = file;
        (flagsAt, featuresAt) = (FeatureFile.FlagsAt(indexLength), file.FeaturesAt(indexLength));
        map = MemoryMappedFile.CreateFromFile(stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        Done = Enumerable.Range(0, Count).Count(IsDone);
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Number of videos.</summary>
    public int Count => file.Samples.Count;

    /// <summary>Dimension of a feature.</summary>
    public int Dimension => file.Dimension;

    /// <summary>How the features were averaged.</summary>
    public FeaturePooling Pooling => file.Pooling;

    /// <summary>The encoder of the features: its name and a hash of its weights.</summary>
    public string Encoder => file.Encoder;

    /// <summary>The settings of the clips; see <see cref="IVideoClips.Settings"/>.</summary>
    public string Clips => file.Clips;

    /// <summary>Names of the videos, in the order of the features.</summary>
    public IReadOnlyList<string> Samples => file.Samples;

    /// <summary>Number of videos with features when the file was opened.</summary>
    public int Done { get; }

    /// <summary>Whether all features were written when the file was opened.</summary>
    public bool IsComplete => Done == Count;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its features; the caller disposes them.</returns>
    /// <exception cref="FeatureStoreException">The file cannot be read, is not a feature file, or is damaged.</exception>
    public static FeatureStore Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string full = System.IO.Path.GetFullPath(path);
        FileStream? stream = null;
        try
        {
            // Shared with a running extraction, where the system allows it.
            stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var (file, indexLength) = FeatureFile.Read(stream);
            return new FeatureStore(full, file, indexLength, stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            stream?.Dispose();
            throw new FeatureStoreException($"'{full}' cannot be used: {e.Message}. Extract the features again, to another path or after deleting the file.", e);
        }
    }

    /// <summary>Whether the feature of a video is written.</summary>
    /// <param name="video">The video, from 0.</param>
    /// <returns><see langword="true"/> if it is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such video.</exception>
    public bool IsDone(int video)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(video);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(video, Count);
        return view.ReadByte(flagsAt + video) == 1;
    }

    /// <summary>Copies the features of consecutive videos; missing ones are 0.</summary>
    /// <param name="start">The first video, from 0.</param>
    /// <param name="count">Number of videos, 1 or more; 2 GB at most.</param>
    /// <returns>Features <c>[count, D]</c> on the CPU; the caller owns them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no such videos, or they take more than 2 GB.</exception>
    public unsafe Tensor Read(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Math.Min(Count - start, Array.MaxLength / (Dimension * sizeof(float))));
        var features = empty([count, Dimension], ScalarType.Float32);
        byte* memory = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
        try
        {
            var bytes = new ReadOnlySpan<byte>(memory + view.PointerOffset + featuresAt + ((long)start * Dimension * sizeof(float)), count * Dimension * sizeof(float));
            bytes.CopyTo(features.bytes);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        return features;
    }

    /// <summary>Copies all features.</summary>
    /// <returns>Features <c>[N, D]</c> on the CPU with the names; the caller owns them.</returns>
    /// <exception cref="InvalidOperationException">Some features are missing.</exception>
    public VideoFeatures ReadAll()
        => IsComplete
            ? new VideoFeatures(Read(0, Count).DetachFromDisposeScope(), Samples)
            : throw new InvalidOperationException(FormattableString.Invariant($"'{Path}' has features of {Done} of {Count} videos: extract the missing ones first"));

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        view.Dispose();
        map.Dispose();
    }
}
