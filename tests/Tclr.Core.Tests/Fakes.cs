using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core.Tests;

/// <summary>A linear encoder: the mean over space of each pair of frames, through a matrix.</summary>
internal sealed class FakeEncoder : nn.Module<Tensor, Tensor>, IVideoEncoder
{
    private readonly Linear fc;

    public FakeEncoder(int features = 4)
        : base(nameof(FakeEncoder))
    {
        fc = nn.Linear(3, features);
        FeatureDimension = features;
        RegisterComponents();
    }

    public int FeatureDimension { get; }

    public List<long> Batches { get; } = [];

    public ChannelOrder ChannelOrder { get; init; }

    public nn.Module Network => this;

    public Tensor Encode(Tensor clips) => call(clips);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        long[] s = input.shape;
        Batches.Add(s[0]);
        var slices = input.reshape(s[0], s[1], s[2] / 2, 2 * s[3] * s[4]).mean([3]);      // [N, 3, T / 2]
        return fc.call(slices.transpose(1, 2)).transpose(1, 2).MoveToOuterDisposeScope();
    }
}

/// <summary>A linear head with unit rows.</summary>
internal sealed class FakeHead : nn.Module<Tensor, Tensor>, IProjectionHead
{
    private readonly Linear fc;

    public FakeHead(int features, int embedding = 3)
        : base(nameof(FakeHead))
    {
        fc = nn.Linear(features, embedding);
        EmbeddingDimension = embedding;
        RegisterComponents();
    }

    public int EmbeddingDimension { get; }

    public List<long> Batches { get; } = [];

    public nn.Module Network => this;

    public Tensor Project(Tensor features) => call(features);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Batches.Add(input.shape[0]);
        return nn.functional.normalize(fc.call(input)).MoveToOuterDisposeScope();
    }
}

/// <summary>A linear head of two segments with unit rows.</summary>
internal sealed class FakeSeriesHead : nn.Module<Tensor, Tensor>, IProjectionHead
{
    private const int Segments = 2;

    private readonly Linear fc;

    public FakeSeriesHead(int features, int embedding = 3)
        : base(nameof(FakeSeriesHead))
    {
        fc = nn.Linear(features, Segments * embedding);
        EmbeddingDimension = embedding;
        RegisterComponents();
    }

    public int EmbeddingDimension { get; }

    public nn.Module Network => this;

    public Tensor Project(Tensor features) => call(features);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return nn.functional.normalize(fc.call(input).view(input.shape[0], Segments, -1), 2, 2).MoveToOuterDisposeScope();
    }
}

/// <summary>A loss of every embedding that there is: of the main head, of the series head and of the keys.</summary>
internal sealed class FakeSeriesLoss : ITemporalContrastiveLoss
{
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        using var scope = NewDisposeScope();
        var series = embeddings.Heads[PassPlan.SeriesHead];
        var total = (embeddings.GlobalPooled * Weights(embeddings.GlobalPooled)).sum() + (series * Weights(series)).sum();
        if (embeddings.Keys is { } keys)
        {
            var key = keys.Heads[PassPlan.SeriesHead];
            total = total + (key * Weights(key)).sum() + (embeddings.GlobalPooled.select(0, 0) * keys.GlobalPooled.select(0, 0)).sum();
        }

        return new LossResult(total.MoveToOuterDisposeScope(), []);

        static Tensor Weights(Tensor like) => arange(like.numel(), ScalarType.Float64).cos().view(like.shape);
    }
}

/// <summary>Pulls the two versions of a video together and away from their mean direction.</summary>
internal sealed class FakeLoss : ITemporalContrastiveLoss
{
    /// <summary>The call from which on the total is infinite.</summary>
    public int BadStep { get; init; } = int.MaxValue;

    /// <summary>Calls in which a term is NaN, with the term; the same batch gives the same again.</summary>
    public Func<int, string?> BadTerm { get; init; } = _ => null;

    /// <summary>Whether bad terms are finite themselves and only their gradients are NaN.</summary>
    public bool OnlyGradient { get; init; }

    private int Calls { get; set; }

    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        using var scope = NewDisposeScope();
        Calls++;
        var g = embeddings.GlobalPooled;
        var alignment = Spoilt("alignment", (g.select(0, 0) * g.select(0, 1)).sum(1).mean().neg());
        var spread = Spoilt("spread", g.mean([1]).pow(2).sum());
        var total = alignment + spread;
        if (Calls >= BadStep)
        {
            total = total / 0.0;
        }

        return new LossResult(
            total.MoveToOuterDisposeScope(),
            [new("alignment", alignment.detach().MoveToOuterDisposeScope()), new("spread", spread.detach().MoveToOuterDisposeScope())]);
    }

    // The root of 0 has an infinite slope, which times 0 is no number.
    private Tensor Spoilt(string term, Tensor value)
        => !string.Equals(BadTerm(Calls), term, StringComparison.Ordinal) ? value
            : OnlyGradient ? value + ((value - value.detach()) * 0.0).abs().sqrt()
            : value * double.NaN;
}

/// <summary>Batches by formula.</summary>
internal sealed class FakeClips(int samples = 10) : IClipSource
{
    public int SampleCount => samples;

    public ViewLayout Layout { get; } = new(2, 2);

    public ChannelOrder ChannelOrder { get; init; }

    public int Served { get; private set; }

    public async IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int steps = (samples + (request.KeepLast ? request.BatchSize - 1 : 0)) / request.BatchSize;
        for (int step = request.FirstStep; step < steps; step++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            Served++;
            int whole = Math.Min(request.BatchSize, samples - (step * request.BatchSize)), count = whole / request.Parts, first = request.Part * count;
            using var values = Golden.Hash((uint)((request.Epoch * 100) + step), whole, Layout.Count, 3, 4, 2, 2);
            using var part = values.narrow(0, first, count);
            using var turned = part.transpose(0, 1);
            yield return new ClipBatch(turned.to(ScalarType.Float32), Layout, [.. Enumerable.Range(first, count).Select(i => $"{step}-{i}")]);
        }
    }
}
