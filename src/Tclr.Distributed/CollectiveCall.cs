using static TorchSharp.torch;

namespace Tclr.Distributed;

/// <summary>What a rank calls. The calls of all ranks must be equal.</summary>
/// <param name="Operation">The name of the method.</param>
/// <param name="Number">How many calls this rank has made, this one included.</param>
/// <param name="Type">Data type of the tensor; <see langword="null"/> without one.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="OnGpu">Whether it is on a GPU.</param>
internal sealed record CollectiveCall(string Operation, long Number, ScalarType? Type, long[] Shape, bool OnGpu)
{
    /// <summary>The name of <see cref="IDisposable.Dispose"/>, with which a rank leaves.</summary>
    public const string Leave = nameof(IDisposable.Dispose);

    /// <summary>Number of <see cref="Fields"/>.</summary>
    public const int FieldCount = 5;

    /// <summary>Numbers that are equal if the calls are. None is the least of 64 bits, so that each has an opposite.</summary>
    public void Fields(Span<long> fields)
    {
        fields[0] = Hash(Operation.Select(letter => (long)letter));
        fields[1] = Number;
        fields[2] = Type is { } type ? (long)type : -1;
        fields[3] = Hash(Shape);
        fields[4] = OnGpu ? 1 : 0;
    }

    public override string ToString()
        => Type is { } type ? $"{Operation} no. {Number} ({type} [{string.Join(',', Shape)}]{(OnGpu ? " on the GPU" : string.Empty)})" : $"{Operation} no. {Number}";

    // FNV-1a: HashCode differs between processes.
    private static long Hash(IEnumerable<long> values) => (long)(values.Aggregate(14695981039346656037, (hash, value) => (hash ^ (ulong)value) * 1099511628211) >> 1);
}
