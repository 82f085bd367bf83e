using System.Runtime.CompilerServices;
using Tclr.Core;
using Tclr.Evaluation;
using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Evaluation;

/// <summary>Retrieval and feature extraction against the same calls of libtorch without this library, by turns: <c>bench evaluation --ratios</c>.</summary>
internal static class EvaluationRatios
{
    public static void Run()
    {
        Console.WriteLine($"| what | libtorch alone | Tclr |{Environment.NewLine}|---|---|---|");
        Nearest(2_000, 50_000, 512);
        Nearest(10_000, 10_000, 512);
        Features(videos: 4, clips: 4);
    }

    // The 50 nearest of a gallery: normalized rows, the full product, topk.
    private static void Nearest(int queryCount, int galleryCount, int dimension)
    {
        manual_seed(1);
        using var queries = randn([queryCount, dimension]);
        using var gallery = randn([galleryCount, dimension]);
        int[] queryLabels = new int[queryCount], galleryLabels = new int[galleryCount];
        var turns = Turns.Run(
            11,
            TimeSpan.FromSeconds(30),
            ("libtorch", Bare),
            ("Tclr", () => Retrieval.Evaluate(queries, queryLabels, gallery, galleryLabels, 1, 5, 10, 20, 50)));
        Console.WriteLine($"| 50 nearest of {galleryCount} for {queryCount} queries, {dimension} numbers each, {turns.Rounds} rounds | {turns.Cells()} |");

        void Bare()
        {
            using var none = no_grad();
            using var scope = NewDisposeScope();
            nn.functional.normalize(queries, 2, 1).mm(nn.functional.normalize(gallery, 2, 1).t()).topk(50, 1);
        }
    }

    // R3D-18, clips ready in memory, one video at a time.
    private static void Features(int videos, int clips)
    {
        manual_seed(1);
        using var encoder = VideoEncoders.R3D18();
        using var ready = rand([clips, videos, 3, 16, 112, 112]);
        var source = new ReadyVideos(ready);
        var extractor = new FeatureExtractor(encoder, FeaturePooling.Mean);
        var turns = Turns.Run(
            7,
            TimeSpan.FromSeconds(60),
            ("libtorch", Bare),
            ("Tclr", () => extractor.ExtractAsync(source, batchSize: 1).GetAwaiter().GetResult().Dispose()));
        Console.WriteLine($"| features of {videos} videos, {clips} clips of 16x112x112 each, R3D-18, {turns.Rounds} rounds | {turns.Cells()} |");

        void Bare()
        {
            using var none = no_grad();
            using var scope = NewDisposeScope();
            encoder.Network.eval();
            for (int video = 0; video < videos; video++)
            {
                using var inner = NewDisposeScope();
                encoder.Encode(ready.select(1, video)).mean([0L, 2L]);
            }
        }
    }

    /// <summary>Clips <c>[K, N, 3, T, H, W]</c> in memory.</summary>
    private sealed class ReadyVideos(Tensor clips) : IVideoClips
    {
        public IReadOnlyList<string> Samples { get; } = [.. Enumerable.Range(0, (int)clips.shape[1]).Select(video => $"video {video}")];

        public IReadOnlyList<long> Shape { get; } = [clips.shape[0], .. clips.shape.Skip(2)];

        public string Settings => "ready";

        public async IAsyncEnumerable<ClipBatch> ReadAsync(
            IReadOnlyList<int> videos, int batchSize, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (int[] batch in videos.Chunk(batchSize))
            {
                await Task.CompletedTask;
                yield return new ClipBatch(Taken(batch), new ViewLayout((int)clips.shape[0], 0), [.. batch.Select(video => Samples[video])]);
            }
        }

        private Tensor Taken(int[] videos)
        {
            using var scope = NewDisposeScope();
            return clips.index_select(1, tensor(videos.Select(video => (long)video).ToArray())).DetachFromDisposeScope();
        }
    }
}
