using System.Runtime.CompilerServices;
using Tclr.Core;
using Tclr.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

/// <summary>Three steps of DualVar's momentum form in the trainer, against the steps written out.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class MomentumStepTests : ScopedFolderTests
{
    private const int Steps = 3, Batch = 4, Capacity = 8;
    private const double Momentum = 0.9, Rate = 1e-3, Temperature = 0.07;
    private const ulong Seed = 7;

    [Test]
    public async Task The_trainer_takes_the_steps_of_MoCo()
    {
        using var loss = new DualVarMomentumLoss(new MemoryBank(Capacity, 8, seed: 1), new MemoryBank(Capacity, 6, seed: 2, segments: 2));
        var state = loss.SaveState().ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        Tensor clipQueue = state["clips.rows"].clone(), segmentQueue = state["segments.rows"].clone();
        using var trainer = new TclrTrainerBuilder().UseClips(new Clips()).UseEncoder(Encoder).UseHead(ClipHead).AddHead(PassPlan.SeriesHead, SeriesHead)
            .UseLoss(loss).WithPasses(PassPlan.DualVarMomentum).WithMomentumEncoder(new MomentumOptions { Momentum = Momentum })
            .UseOptimizer(new SgdOptions { LearningRate = Rate, Momentum = 0, WeightDecay = 0 })
            .WithBatchSize(Batch).ForSteps(Steps).WithSeed(Seed).WithThreads(1).CheckpointTo(Folder["c"]).Build();
        manual_seed((long)Seed);
        using var query = new Networks(Encoder());
        manual_seed((long)Seed);
        using var key = new Networks(Encoder());

        await trainer.TrainAsync();

        // Dispose scopes are of a thread, and the test may go on on another one.
        using var scope = NewDisposeScope();
        for (int step = 0; step < Steps; step++)
        {
            Step(step);
        }

        AssertSame(trainer.Encoder.Network, query.Encoder.Network, "the encoder");
        AssertSame(trainer.Head.Network, query.Clip, "the clip head");
        AssertSame(trainer.MomentumEncoder!.Network, key.Encoder.Network, "the momentum encoder");
        using var series = SeriesHead(query.Encoder.FeatureDimension);
        Checkpoint.Open(new CheckpointStore(Folder["c"]).Newest!).LoadHead(series, PassPlan.SeriesHead);
        AssertSame(series, query.Series, "the series head");
        var saved = loss.SaveState().ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        Assert.That((saved["clips.rows"] - clipQueue).abs().max().ToDouble(), Is.LessThan(1e-6));
        Assert.That((saved["segments.rows"] - segmentQueue).abs().max().ToDouble(), Is.LessThan(1e-6));
        Assert.That(saved["clips.position"].item<long>(), Is.EqualTo(Steps * Batch % Capacity));

        void Step(int step)
        {
            var clips = Clips.Of(step);                                                                          // [3, B, 3, T, H, W]
            var own = key.Parameters.Zip(query.Parameters);
            using (no_grad())
            {
                foreach (var (average, weight) in own)
                {
                    average.copy_((average * Momentum) + (weight * (1 - Momentum)));
                }
            }

            var (clip, segments) = query.Embed(clips[0]);
            Tensor clipKey, segmentKey;
            using (no_grad())
            {
                (clipKey, segmentKey) = key.Embed(clips[1]);
            }

            var order = Orders(step);
            var shuffled = stack([.. Enumerable.Range(0, Batch).Select(i => cat([.. order[i].Select(part => clips[2][i].narrow(1, part * 4, 4))], 1))]);
            var (_, both) = query.Embed(cat([clips[2], shuffled]));
            var plain = both.narrow(0, 0, Batch);
            var calibrated = stack([.. Enumerable.Range(0, Batch).Select(i => stack([.. Enumerable.Range(0, 2).Select(slot => both[Batch + i][Array.IndexOf(order[i], slot)])]))]);

            var total = Contrast(clip, clipKey, clipQueue) + Contrast(segments.mean([1]), segmentKey.mean([1]), segmentQueue.to(ScalarType.Float64).mean([1]))
                + (Rank(segments, calibrated) * 0.5) + (Rank(plain, calibrated) * 0.5);
            total.backward();
            using (no_grad())
            {
                foreach (var weight in query.Parameters)
                {
                    if (weight.grad is { } gradient)
                    {
                        weight.sub_(gradient * Rate);
                        gradient.zero_();
                    }
                }

                long first = step * Batch % Capacity;
                clipQueue.narrow(0, first, Batch).copy_(clipKey);
                segmentQueue.narrow(0, first, Batch).copy_(segmentKey);
            }
        }
    }

    private static Tensor Contrast(Tensor queries, Tensor keys, Tensor queue)
    {
        var positive = (queries * keys).sum(1, keepdim: true);
        var logits = cat([positive, queries.matmul(queue.to(queries.dtype).t())], 1) / Temperature;
        return nn.functional.cross_entropy(logits, zeros([queries.shape[0]], ScalarType.Int64));
    }

    // log(1 + exp((s_n - s_p) / 0.05)) over the anchors of both sets and their negatives.
    private static Tensor Rank(Tensor first, Tensor second)
    {
        var rows = cat([first, second], 1);                                                                      // [B, 4, E]
        var costs = new List<Tensor>();
        for (int anchor = 0; anchor < 4; anchor++)
        {
            int positive = (anchor + 2) % 4;
            foreach (int negative in Enumerable.Range(0, 4).Where(other => other != anchor && other != positive))
            {
                var difference = (rows.select(1, anchor) * (rows.select(1, negative) - rows.select(1, positive))).sum(1) / 0.05;
                costs.Add((exp(difference) + 1.0).log().mean());
            }
        }

        return stack(costs).mean();
    }

    private static int[][] Orders(int step)
    {
        var random = new StepRandomness(Seed, step, 0).OfShuffle(0);
        return [.. Enumerable.Range(0, Batch).Select(_ =>
        {
            int[] order = [0, 1];
            random.Shuffle(order.AsSpan());
            return order;
        })];
    }

    // In float64: batch normalization over four clips makes the steps of so small a network grow rounding a hundredfold.
    private static VideoEncoder Encoder() => Wide(VideoEncoders.R2Plus1D(new VideoEncoderOptions { WidthMultiplier = 1.0 / 16 }));

    private static ProjectionHead ClipHead(int features) => Wide(ProjectionHeads.DualVarClip(features, 16, 8));

    private static ProjectionHead SeriesHead(int features) => Wide(ProjectionHeads.DualVarSeries(features, 16, 2, 6));

    private static T Wide<T>(T network)
        where T : nn.Module
    {
        network.to(ScalarType.Float64);
        return network;
    }

    private static void AssertSame(nn.Module actual, nn.Module expected, string what)
    {
        foreach (var (name, values) in expected.state_dict())
        {
            var other = actual.state_dict()[name];
            Assert.That((other - values).abs().max().ToDouble(), Is.LessThan(1e-7 * (1 + values.abs().max().ToDouble())), $"{what}: {name}");
        }
    }

    private sealed class Networks : IDisposable
    {
        public Networks(VideoEncoder encoder)
        {
            Encoder = encoder;
            Clip = ClipHead(encoder.FeatureDimension);
            Series = SeriesHead(encoder.FeatureDimension);
        }

        public VideoEncoder Encoder { get; }

        public ProjectionHead Clip { get; }

        public ProjectionHead Series { get; }

        public IEnumerable<Parameter> Parameters => Encoder.parameters().Concat(Clip.parameters()).Concat(Series.parameters());

        public (Tensor Clip, Tensor Segments) Embed(Tensor clips)
        {
            var features = Encoder.Encode(clips).mean([2]);
            return (Clip.Project(features), Series.Project(features));
        }

        public void Dispose()
        {
            Series.Dispose();
            Clip.Dispose();
            Encoder.Dispose();
        }
    }

    private sealed class Clips : IClipSource
    {
        public int SampleCount => Steps * Batch;

        public ViewLayout Layout { get; } = new(3, 0);

        public static Tensor Of(int step) => Golden.Hash((uint)step, 3, Batch, 3, 8, 16, 16);

        public async IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            for (int step = request.FirstStep; step < Steps; step++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                yield return new ClipBatch(Of(step).DetachFromDisposeScope(), Layout, [.. Enumerable.Range(0, Batch).Select(i => $"{step}-{i}")]);
            }
        }
    }
}
