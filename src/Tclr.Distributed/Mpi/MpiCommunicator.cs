using System.Text;
using static TorchSharp.torch;

namespace Tclr.Distributed.Mpi;

/// <summary>Exchanges memory of the CPU between the processes of a job.</summary>
/// <param name="library">An initialized library.</param>
/// <param name="chunkBytes">Size of the pieces in which elements are summed.</param>
/// <param name="messageBytes">The most bytes of another message.</param>
internal sealed unsafe class MpiCommunicator(MpiLibrary library, int chunkBytes, int messageBytes) : ITransport
{
    /// <summary>The most bytes of a message: MPI counts in 32 bits.</summary>
    public const int LargestMessage = 1 << 30;

    private readonly nint comm = library.Duplicate(library.Handles.World);

    public int Rank { get; } = library.Rank(library.Handles.World);

    public int Size { get; } = library.Size(library.Handles.World);

    /// <summary>The data type in which elements of a type are summed: MPI has no sum of half precision and of bytes.</summary>
    public static ScalarType SumType(ScalarType type) => type switch
    {
        ScalarType.Float16 or ScalarType.BFloat16 => ScalarType.Float32,
        ScalarType.Byte => ScalarType.Int64,
        _ => type,
    };

    public void Sum(nint data, long count, ScalarType type) => Reduce(data, count, type, library.Handles.Sum);

    public void Gather(nint data, nint result, long count, ScalarType type)
    {
        long bytes = count * ElementSize(type);
        if (bytes <= messageBytes)
        {
            library.AllGather(data, (int)bytes, result, comm);
            return;
        }

        // Pieces of an all-gather would lie beside each other instead of behind each other.
        Buffer.MemoryCopy((void*)data, (void*)(result + (nint)(Rank * bytes)), bytes, bytes);
        for (int rank = 0; rank < Size; rank++)
        {
            BroadcastBytes(result + (nint)(rank * bytes), bytes, rank);
        }
    }

    public void Broadcast(nint data, long count, ScalarType type) => BroadcastBytes(data, count * ElementSize(type), 0);

    public void Barrier() => library.Barrier(comm);

    /// <summary>The greatest of each number over the processes.</summary>
    public void Max(Span<long> numbers)
    {
        fixed (long* data = numbers)
        {
            Reduce((nint)data, numbers.Length, ScalarType.Int64, library.Handles.Max);
        }
    }

    /// <summary>The texts of all processes, by rank.</summary>
    public string[] Gather(string text)
    {
        byte[] mine = Encoding.UTF8.GetBytes(text);
        Span<long> longest = [mine.Length];
        Max(longest);

        // Texts are padded to one length: UTF-8 has no byte of 0 but in the character 0.
        int length = (int)longest[0];
        Array.Resize(ref mine, length);
        byte[] all = new byte[length * Size];
        fixed (byte* data = mine, result = all)
        {
            Gather((nint)data, (nint)result, length, ScalarType.Byte);
        }

        return [.. Enumerable.Range(0, Size).Select(rank => Encoding.UTF8.GetString(all, rank * length, length).TrimEnd('\0'))];
    }

    private static int ElementSize(ScalarType type) => type switch
    {
        ScalarType.Byte => 1,
        ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Float32 => 4,
        _ => 8,
    };

    private void Reduce(nint data, long count, ScalarType type, nint operation)
    {
        int size = ElementSize(type);
        nint kind = type switch
        {
            ScalarType.Float32 => library.Handles.Float,
            ScalarType.Float64 => library.Handles.Double,
            _ => library.Handles.Int64,
        };
        long chunk = chunkBytes / size;
        for (long done = 0; done < count; done += chunk)
        {
            library.AllReduce(data + (nint)(done * size), (int)Math.Min(chunk, count - done), kind, operation, comm);
        }
    }

    private void BroadcastBytes(nint data, long bytes, int root)
    {
        for (long done = 0; done < bytes; done += messageBytes)
        {
            library.Broadcast(data + (nint)done, (int)Math.Min(messageBytes, bytes - done), root, comm);
        }
    }
}
