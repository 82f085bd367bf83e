using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Adds features to a file, which only one writer can open at a time.</summary>
internal sealed class FeatureWriter : IDisposable
{
    private readonly string path;
    private readonly FileStream stream;
    private readonly FeatureFile file;
    private readonly long flagsAt;
    private readonly long featuresAt;
    private readonly byte[] flags;

    private FeatureWriter(string path, FileStream stream, FeatureFile file, int indexLength)
    {
        this.path = path;
        this.stream = stream;
        this.file = file;
        (flagsAt, featuresAt) = (FeatureFile.FlagsAt(indexLength), file.FeaturesAt(indexLength));
        flags = new byte[file.Samples.Count];
        stream.Position = flagsAt;
        stream.ReadExactly(flags);
    }

    /// <summary>The videos without features.</summary>
    public IEnumerable<int> Missing => Enumerable.Range(0, flags.Length).Where(video => flags[video] != 1);

    /// <summary>Opens a file to resume, or creates one.</summary>
    /// <exception cref="FeatureStoreException">The file cannot be written, or has other features.</exception>
    public static FeatureWriter Open(string path, FeatureFile wanted)
    {
        string full = Path.GetFullPath(path);
        FileStream? opened = null;
        try
        {
            if (!File.Exists(full))
            {
                wanted.Create(full);
            }

            opened = new FileStream(full, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            var (found, indexLength) = FeatureFile.Read(opened);
            string[] differences = [.. found.DifferencesTo(wanted)];
            return differences.Length == 0
                ? new FeatureWriter(full, opened, found, indexLength)
                : throw new FeatureStoreException($"'{full}' has features {string.Join("; ", differences)}. Choose another path, or delete the file.");
        }
        catch (Exception e)
        {
            opened?.Dispose();
            if (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // Deleting the file is no remedy while another process writes it.
                string remedy = e is InvalidDataException ? "Choose another path, or delete the file" : "Wait until no other process uses the file, or choose another path";
                throw new FeatureStoreException($"features cannot be written to '{full}': {e.Message.TrimEnd('.')}. {remedy}.", e);
            }

            throw;
        }
    }

    /// <summary>Writes the features of some videos, then their flags.</summary>
    /// <param name="videos">The videos, ascending.</param>
    /// <param name="features">Features <c>[videos, D]</c>, float32 on the CPU; ownership passes.</param>
    /// <exception cref="FeatureStoreException">They cannot be written.</exception>
    public void Write(IReadOnlyList<int> videos, Tensor features)
    {
        try
        {
            using (features)
            {
                int length = file.Dimension * sizeof(float);
                for (int i = 0; i < videos.Count; i++)
                {
                    RandomAccess.Write(stream.SafeFileHandle, features.bytes.Slice(i * length, length), featuresAt + ((long)videos[i] * length));
                }
            }

            // Flushed, so that after a power failure no flag is set without its feature.
            RandomAccess.FlushToDisk(stream.SafeFileHandle);
            foreach (int video in videos)
            {
                flags[video] = 1;
                RandomAccess.Write(stream.SafeFileHandle, flags.AsSpan(video, 1), flagsAt + video);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FeatureStoreException($"features cannot be written to '{path}': {e.Message}. The features written before are kept: free space and extract again to resume.", e);
        }
    }

    public void Dispose() => stream.Dispose();
}
