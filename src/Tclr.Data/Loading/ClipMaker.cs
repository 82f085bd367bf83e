using System.Diagnostics;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>Makes all views of a sample: plans, decodes the union of the frames once, and augments each view.</summary>
internal sealed class ClipMaker(VideoIndex index, IVideoReader reader, IClipPlans plans, IClipAugmentation augmentation, LoaderMeter meter)
{
    /// <summary>The name of a sample in a batch.</summary>
    public string NameOf(int video) => plans.NameOf(video);

    /// <summary>Makes a sample.</summary>
    /// <param name="video">The video, an index into the videos.</param>
    /// <param name="place">The index for the random streams: that of the video, or of the video that it replaces.</param>
    /// <param name="job">Seed and epoch.</param>
    /// <param name="clips">Receives the sample.</param>
    /// <param name="slot">Position of the sample in the batch.</param>
    /// <param name="cancellationToken">Stops decoding.</param>
    public void Make(int video, int place, ReadJob job, IBatchClips clips, int slot, CancellationToken cancellationToken)
    {
        ulong seed = job.Seed, turn = (ulong)job.Epoch, sample = (ulong)place;
        var planning = CounterRandom.For(seed, turn, sample, StreamTag.Plan);
        var plan = plans.Of(video, ref planning);

        long begin = Stopwatch.GetTimestamp();
        using var window = reader.ReadFrames(index.Items[video].Path, plan.Frames, index.Infos[video], cancellationToken);
        long decoded = Stopwatch.GetTimestamp();
        clips.Write(slot, window, plan, augmentation, view => CounterRandom.For(seed, turn, sample, (ulong)view, StreamTag.Augmentation), cancellationToken);
        meter.Sample(window.Count, Stopwatch.GetElapsedTime(begin, decoded), Stopwatch.GetElapsedTime(decoded));
    }
}

/// <summary>The batches of one enumeration.</summary>
/// <param name="Order">Videos in the order of reading.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="BatchSize">Samples in a batch.</param>
/// <param name="FirstStep">The first batch to read.</param>
/// <param name="Steps">Number of batches of the epoch.</param>
/// <param name="Substitute">Whether another video replaces one that does not decode; otherwise that is an error.</param>
internal sealed record ReadJob(int[] Order, ulong Seed, int Epoch, int BatchSize, int FirstStep, int Steps, bool Substitute)
{
    /// <summary>The part of each batch to read.</summary>
    public int Part { get; init; }

    /// <summary>Number of parts of a batch.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>Number of samples of the part of a batch.</summary>
    public int SamplesOf(int step) => WholeBatch(step) / Parts;

    /// <summary>The place in the order of the first sample of the part of a batch.</summary>
    public int FirstOf(int step) => (step * BatchSize) + (Part * SamplesOf(step));

    /// <summary>The videos that may replace that of a place, in order.</summary>
    /// <remarks>
    /// A function of the place alone, so that each process finds the same without seeing the whole batch. The places after the batch are
    /// dealt out to its places, so that no video is twice in a batch; if those of a place are used up, the others come, then the batch itself.
    /// </remarks>
    public IEnumerable<int> SubstitutesOf(int step, int place)
    {
        int first = step * BatchSize, count = WholeBatch(step), others = Order.Length - count, slot = place - first;
        var outside = Enumerable.Range(0, others);
        return outside.Where(other => other % count == slot)
            .Concat(outside.Where(other => other % count != slot))
            .Select(other => first + count + other)
            .Concat(Enumerable.Range(1, count - 1).Select(distance => first + ((slot + distance) % count)))
            .Select(other => Order[other % Order.Length]);
    }

    private int WholeBatch(int step) => Math.Min(BatchSize, Order.Length - (step * BatchSize));
}

/// <summary>The purposes that separate the random streams of a key.</summary>
internal static class StreamTag
{
    public const ulong Order = 1;
    public const ulong Plan = 2;
    public const ulong Augmentation = 3;
}
