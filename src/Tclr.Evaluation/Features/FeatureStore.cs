using System.IO.MemoryMappedFiles;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Features of videos in a file that is mapped into memory: what is not needed is not read.</summary>
/// <remarks>
/// <see cref="FeatureExtractor.ExtractAsync(IVideoClips, string, int, IProgress{int}?, CancellationToken)"/> writes it. The
/// file knows its encoder, clips and videos, and which of these are done. One object serves any number of threads.
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

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Number of videos.</summary>
    public int Count => file.Samples.Count;

    /// <summary>Length of a feature.</summary>
    public int Dimension => file.Dimension;

    /// <summary>What became of the timesteps.</summary>
    public FeaturePooling Pooling => file.Pooling;

    /// <summary>Which encoder made the features: its name and a hash of its weights.</summary>
    public string Encoder => file.Encoder;

    /// <summary>What decided about the clips, see <see cref="IVideoClips.Settings"/>.</summary>
    public string Clips => file.Clips;

    /// <summary>Names of the videos, in the order of the features.</summary>
    public IReadOnlyList<string> Samples => file.Samples;

    /// <summary>Number of videos whose features were there when the file was opened.</summary>
    public int Done { get; }

    /// <summary>Whether all features were there when the file was opened.</summary>
    public bool IsComplete => Done == Count;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its features; the caller disposes them.</returns>
    /// <exception cref="FeatureStoreException">It cannot be read, is no file of features, or damaged.</exception>
    public static FeatureStore Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string full = System.IO.Path.GetFullPath(path);
        FileStream? stream = null;
        try
        {
            // An extraction may be writing to it; not every system lets us in then.
            stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var (file, indexLength) = FeatureFile.Read(stream);
            return new FeatureStore(full, file, indexLength, stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            stream?.Dispose();
            throw new FeatureStoreException($"'{full}' cannot be used: {e.Message}. Extract the features anew, to another path or after deleting the file.", e);
        }
    }

    /// <summary>Says whether a video's feature is there.</summary>
    /// <param name="video">The video, from 0.</param>
    /// <returns><see langword="true"/> if so.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such video.</exception>
    public bool IsDone(int video)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(video);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(video, Count);
        return view.ReadByte(flagsAt + video) == 1;
    }

    /// <summary>Copies the features of consecutive videos; those that are not there yet are 0.</summary>
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
    /// <exception cref="InvalidOperationException">Some are not there yet.</exception>
    public VideoFeatures ReadAll()
        => IsComplete
            ? new VideoFeatures(Read(0, Count).DetachFromDisposeScope(), Samples)
            : throw new InvalidOperationException(FormattableString.Invariant($"'{Path}' has features of {Done} of {Count} videos: extract the rest first"));

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        view.Dispose();
        map.Dispose();
    }
}
