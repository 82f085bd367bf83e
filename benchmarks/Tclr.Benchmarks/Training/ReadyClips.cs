using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Training;

/// <summary>The same batch over and over: clips that nobody waits for.</summary>
internal sealed class ReadyClips(Tensor clips, ViewLayout layout) : IClipSource
{
    private const int Epoch = 1000;

    public int SampleCount => (int)clips.shape[1] * Epoch;

    public ViewLayout Layout => layout;

    public async IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string[] names = [.. Enumerable.Range(0, request.BatchSize).Select(i => $"{i}")];
        for (int step = request.FirstStep; step < Epoch; step++)
        {
            await Task.CompletedTask;
            yield return new ClipBatch(clips.alias().DetachFromDisposeScope(), layout, names);
        }
    }
}
