using Tclr.Core;
using Tclr.Data;

namespace Tclr.Evaluation;

/// <summary>The moments of a video, then the same frames once more for the queries.</summary>
internal sealed class MomentSampler(MomentOptions options) : IClipSampler
{
    private readonly IClipSampler moments = ClipSamplers.Uniform(options.Moments, options.ClipLength, options.Stride);

    public ViewLayout Layout { get; } = new(2 * options.Moments, 0);

    public int ClipLength => moments.ClipLength;

    public int MinimumFrames => moments.MinimumFrames;

    public ClipPlan Plan(VideoInfo video, ref CounterRandom random)
    {
        var plan = moments.Plan(video, ref random);
        return new ClipPlan([.. plan.Views, .. plan.Views]);
    }
}

/// <summary>One augmentation for the moments, another for the queries.</summary>
internal sealed class MomentAugmentation : IClipAugmentation
{
    private readonly int count;
    private readonly IClipAugmentation moment;
    private readonly IClipAugmentation query;

    public MomentAugmentation(int count, IClipAugmentation moments, IClipAugmentation queries)
    {
        ArgumentNullException.ThrowIfNull(moments);
        ArgumentNullException.ThrowIfNull(queries);
        (this.count, moment, query) = (count, moments.ForView(0), queries.ForView(0));
        if ((moments.Height, moments.Width, moments.ChannelOrder) != (queries.Height, queries.Width, queries.ChannelOrder) || moments.Crops != 1 || queries.Crops != 1)
        {
            throw new ArgumentException($"VideoMoments: expected two augmentations of one size and channel order with one crop, got {Describe(moments)} and {Describe(queries)}", nameof(queries));
        }

        static string Describe(IClipAugmentation augmentation)
            => FormattableString.Invariant($"{augmentation.Width}x{augmentation.Height} {augmentation.ChannelOrder} with {augmentation.Crops} crops");
    }

    public int Height => moment.Height;

    public int Width => moment.Width;

    public ChannelOrder ChannelOrder => moment.ChannelOrder;

    public IClipAugmentation ForView(int view) => view < count ? moment : query;

    public void Apply(FrameWindow source, ReadOnlySpan<int> positions, ref CounterRandom random, Span<float> destination) => moment.Apply(source, positions, ref random, destination);
}
