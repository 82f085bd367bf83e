using System.Runtime.CompilerServices;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

/// <summary>Videos of one color each with some noise, the class being the color: a set that anybody can learn.</summary>
internal sealed class ColoredVideos(string name, int videos, int views = 1) : IClipSource, IVideoClips
{
    public static readonly string[] Colors = ["red", "green", "blue"];

    public int SampleCount => videos;

    public ViewLayout Layout { get; } = new(views, 0);

    public IReadOnlyList<string> Samples { get; } = [.. Enumerable.Range(0, videos).Select(i => FormattableString.Invariant($"{name}{i}"))];

    public IReadOnlyList<string> Labels { get; init; } = [.. Enumerable.Range(0, videos).Select(i => Colors[i % 3])];

    public IReadOnlyDictionary<string, string> LabelsByName => Samples.Zip(Labels).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

    public IReadOnlyList<long> Shape { get; init; } = [views, 3, 4, 16, 16];

    public string Settings => "colors";

    public ChannelOrder ChannelOrder { get; init; }

    public int Batches { get; private set; }

    public static ClassifiedVideos Set(int training = 12, int test = 6, int trainingViews = 1, int testViews = 3)
    {
        var (known, asked) = (new ColoredVideos("train", training, trainingViews), new ColoredVideos("test", test, testViews));
        return new ClassifiedVideos(known, known.LabelsByName, asked, asked.Labels);
    }

    public Tensor Clips(int video, int epoch)
    {
        using var scope = NewDisposeScope();
        var clips = Golden.Hash((uint)((epoch * 1000) + video), [.. Shape]) * 0.1;
        clips.select(1, video % 3).add_(1);
        return clips.unsqueeze(0).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    public async IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int[] order = [.. Enumerable.Range(0, videos)];
        CounterRandom.For(request.Seed, (ulong)request.Epoch).Shuffle(order.AsSpan());
        foreach (int[] batch in order.Chunk(request.BatchSize).Where(batch => request.KeepLast || batch.Length == request.BatchSize))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return Batch(batch, request.Epoch);
        }
    }

    public async IAsyncEnumerable<ClipBatch> ReadAsync(IReadOnlyList<int> videos, int batchSize, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (int[] batch in videos.Chunk(batchSize))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return Batch(batch, epoch: 77);
        }
    }

    private ClipBatch Batch(int[] batch, int epoch)
    {
        Batches++;
        Tensor[] clips = [.. batch.Select(video => Clips(video, epoch))];
        using var samples = cat(clips, 0);
        var joined = samples.transpose(0, 1);
        Array.ForEach(clips, clip => clip.Dispose());
        return new ClipBatch(joined, Layout, [.. batch.Select(video => Samples[video])]);
    }
}
