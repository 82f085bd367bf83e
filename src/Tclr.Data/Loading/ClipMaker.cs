using System.Diagnostics;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>Makes all views of one sample: plan, one decode of the union of the frames, one augmentation per view.</summary>
internal sealed class ClipMaker(VideoIndex index, IVideoReader reader, IClipSampler sampler, IClipAugmentation augmentation, LoaderMeter meter)
{
    /// <summary>Number of floats of a sample.</summary>
    public long SampleLength { get; } = (long)sampler.Layout.Count * 3 * sampler.ClipLength * augmentation.Height * augmentation.Width;

    /// <summary>Makes a sample.</summary>
    /// <param name="video">Which video of the index.</param>
    /// <param name="place">Whose random streams: the video's own index, or that of the one it stands in for.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="destination">Takes <c>[V, 3, T, H, W]</c>.</param>
    /// <param name="cancellationToken">Stops decoding.</param>
    public void Make(int video, int place, ulong seed, int epoch, Span<float> destination, CancellationToken cancellationToken)
    {
        ulong turn = (ulong)epoch, sample = (ulong)place;
        var planning = CounterRandom.For(seed, turn, sample, StreamTag.Plan);
        var plan = sampler.Plan(index.Infos[video].Frames, ref planning);
        if (plan.Views.Count != sampler.Layout.Count || plan.Views[0].Length != sampler.ClipLength)
        {
            throw new InvalidOperationException(
                $"{sampler.GetType().Name} planned {plan.Views.Count} views of {plan.Views[0].Length} frames: expected {sampler.Layout.Count} of {sampler.ClipLength}, as its Layout and ClipLength say");
        }

        long begin = Stopwatch.GetTimestamp();
        using var window = reader.ReadFrames(index.Items[video].Path, plan.Frames, index.Infos[video], cancellationToken);
        long decoded = Stopwatch.GetTimestamp();
        int length = destination.Length / plan.Views.Count;
        for (int view = 0; view < plan.Views.Count; view++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var random = CounterRandom.For(seed, turn, sample, (ulong)view, StreamTag.Augmentation);
            augmentation.ForView(view).Apply(window, plan.PositionsOf(view), ref random, destination.Slice(view * length, length));
        }

        meter.Sample(window.Count, Stopwatch.GetElapsedTime(begin, decoded), Stopwatch.GetElapsedTime(decoded));
    }
}
