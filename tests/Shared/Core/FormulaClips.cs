using System.Runtime.CompilerServices;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Testing;

/// <summary>Batches whose clips are a hash of epoch, step and position.</summary>
/// <param name="samples">Number of samples of an epoch.</param>
/// <param name="layout">The views.</param>
/// <param name="clip">Shape <c>[3, T, H, W]</c> of a clip.</param>
internal sealed class FormulaClips(int samples, ViewLayout layout, params long[] clip) : IClipSource
{
    public int SampleCount => samples;

    public ViewLayout Layout => layout;

    public async IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int step = request.FirstStep; step < samples / request.BatchSize; step++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            using var values = Golden.Hash((uint)((request.Epoch * 100) + step), [layout.Count, request.BatchSize, .. clip]);
            yield return new ClipBatch(values.to(ScalarType.Float32), layout, [.. Enumerable.Range(0, request.BatchSize).Select(i => $"{step}-{i}")]);
        }
    }
}
