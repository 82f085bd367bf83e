using System.Runtime.CompilerServices;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

/// <summary>Clips by formula: <c>[3, 3, 8, 16, 16]</c> of each video.</summary>
internal sealed class FakeVideoClips(int videos) : IVideoClips
{
    public IReadOnlyList<string> Samples { get; init; } = [.. Enumerable.Range(0, videos).Select(i => FormattableString.Invariant($"v{i}"))];

    public IReadOnlyList<long> Shape { get; init; } = [3, 3, 8, 16, 16];

    public string Settings { get; init; } = "by formula";

    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>The videos of each request.</summary>
    public List<int[]> Requests { get; } = [];

    /// <summary>The batches that were read.</summary>
    public List<ClipBatch> Made { get; } = [];

    /// <summary>What the batches wait for.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    /// <summary>Whether the batches lack the dimension of the clips.</summary>
    public bool Flat { get; init; }

    /// <summary>Called before each batch with its first video.</summary>
    public Action<int> OnBatch { get; init; } = _ => { };

    public Tensor Clips(int video) => Golden.Hash((uint)video, [1, .. Shape]).to(ScalarType.Float32, disposeAfter: true);

    public async IAsyncEnumerable<ClipBatch> ReadAsync(IReadOnlyList<int> videos, int batchSize, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Requests.Add([.. videos]);
        foreach (int[] batch in videos.Chunk(batchSize))
        {
            await Task.Yield();
            await Gate;
            cancellationToken.ThrowIfCancellationRequested();
            OnBatch(batch[0]);
            Made.Add(new ClipBatch(Join(batch), new ViewLayout((int)Shape[0], 0), [.. batch.Select(video => Samples[video])]));
            yield return Made[^1];
        }
    }

    private Tensor Join(int[] batch)
    {
        Tensor[] clips = [.. batch.Select(Clips)];
        using var samples = cat(clips, 0);
        var joined = samples.transpose(0, 1);
        Array.ForEach(clips, clip => clip.Dispose());
        using (joined)
        {
            return Flat ? joined.flatten(0, 1) : joined.alias();
        }
    }
}
