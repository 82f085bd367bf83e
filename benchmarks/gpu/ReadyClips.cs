using System.Runtime.CompilerServices;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Gpu;

/// <summary>The same batch of host memory over and over: clips that nobody waits for.</summary>
internal sealed class ReadyClips(Tensor clips, ViewLayout layout) : IClipSource
{
    private const int Epoch = 1000;

    public int Videos => (int)clips.shape[1];

    public int SampleCount => Videos * Epoch;

    public ViewLayout Layout => layout;

    /// <summary>Random clips in pinned memory, where the device has need of it.</summary>
    public static ReadyClips Make(int videos, ViewLayout layout, int length, int size, bool pinned)
    {
        using var scope = NewDisposeScope();
        var clips = rand([layout.Count, videos, 3, length, size, size]);
        return new ReadyClips((pinned ? clips.pin_memory() : clips).DetachFromDisposeScope(), layout);
    }

    public async IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string[] names = [.. Enumerable.Range(0, request.BatchSize).Select(i => $"{i}")];
        for (int step = request.FirstStep; step < Epoch; step++)
        {
            await Task.CompletedTask;
            yield return new ClipBatch(clips.alias().DetachFromDisposeScope(), layout, names);
        }
    }
}
