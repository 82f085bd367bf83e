using System.IO.MemoryMappedFiles;

namespace Tclr.Weights;

/// <summary>A file in memory, read only; nothing outside it can be reached.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private const int MaximumReason = 1000;

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;

    private MappedFile(string path, FileStream stream)
    {
        Path = path;
        Length = stream.Length;
        file = MemoryMappedFile.CreateFromFile(stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        try
        {
            view = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        // The handle stays what keeps the memory, so that a file that is never disposed is unmapped by the collector.
        start = (byte*)view.SafeMemoryMappedViewHandle.DangerousGetHandle();
    }

    public string Path { get; }

    public long Length { get; }

    public static MappedFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            try
            {
                return stream.Length > 0 ? new MappedFile(path, stream) : throw new WeightFileException(path, offset: 0, "the file is empty");
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new WeightFileException(path, offset: null, $"the file cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Bytes of the file, valid until it is disposed.</summary>
    public ReadOnlySpan<byte> Span(long offset, long length)
    {
        ThrowIfDisposed();
        if (offset < 0 || length < 0 || length > int.MaxValue || offset > Length - length)
        {
            throw Error(offset, FormattableString.Invariant($"expected {length} bytes here, the file has {Length} in all"));
        }

        return new ReadOnlySpan<byte>(start + offset, (int)length);
    }

    /// <summary>An error at a place in the file. A damaged file may hold a name of any length: the message stays short.</summary>
    public WeightFileException Error(long offset, string reason) => new(Path, offset, reason.Length <= MaximumReason ? reason : reason[..MaximumReason] + "...");

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(view.SafeMemoryMappedViewHandle.IsClosed, this);

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }
}
