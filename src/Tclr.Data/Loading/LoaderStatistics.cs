using System.Diagnostics;

namespace Tclr.Data;

/// <summary>Counts and times of a loader since its creation. Times of workers are summed over all workers.</summary>
/// <param name="Batches">Batches delivered.</param>
/// <param name="Samples">Samples made, including those of waiting and dropped batches.</param>
/// <param name="Frames">Needed frames that were decoded for them, without those that were only decoded to reach them.</param>
/// <param name="Decode">Time of workers in the decoder.</param>
/// <param name="Augment">Time of workers in the augmentation.</param>
/// <param name="WorkerWait">Time of workers without work, because enough batches were ready.</param>
/// <param name="TrainerWait">Time between the request for the next batch and its delivery. A trainer asks while a step still runs; <see cref="Core.TrainingProgress.DataWait"/> is the time it lost.</param>
/// <param name="Faulty">Number of videos that failed.</param>
public sealed record LoaderStatistics(
    long Batches, long Samples, long Frames, TimeSpan Decode, TimeSpan Augment, TimeSpan WorkerWait, TimeSpan TrainerWait, int Faulty)
{
    /// <summary>Samples of delivered batches whose video did not decode and was replaced by another.</summary>
    public long Substitutes { get; init; }

    /// <summary>Videos in quarantine: they failed in this or an earlier run and are not tried again.</summary>
    public int Quarantined { get; init; }

    /// <summary>Formats the statistics as a line of text.</summary>
    /// <returns>For example <c>40 samples in 2 batches; the trainer waited 0.1 s; workers: decode 0.5 s, augment 0.4 s, wait 0.2 s; 1 faulty video</c>.</returns>
    public override string ToString() => FormattableString.Invariant(
        $"{Samples} samples in {Batches} batches; the trainer waited {TrainerWait.TotalSeconds:0.0} s; workers: decode {Decode.TotalSeconds:0.0} s, augment {Augment.TotalSeconds:0.0} s, wait {WorkerWait.TotalSeconds:0.0} s; {Faulty} faulty video{(Faulty == 1 ? string.Empty : "s")}");
}

/// <summary>Collects <see cref="LoaderStatistics"/>. Thread-safe.</summary>
internal sealed class LoaderMeter
{
    private long batches;
    private long samples;
    private long frames;
    private long decode;
    private long augment;
    private long workerWait;
    private long trainerWait;
    private long substitutes;

    public void Sample(int decodedFrames, TimeSpan decoding, TimeSpan augmenting)
    {
        Interlocked.Increment(ref samples);
        Interlocked.Add(ref frames, decodedFrames);
        Interlocked.Add(ref decode, decoding.Ticks);
        Interlocked.Add(ref augment, augmenting.Ticks);
    }

    public void Batch(int standIns)
    {
        Interlocked.Increment(ref batches);
        Interlocked.Add(ref substitutes, standIns);
    }

    public void WorkerWaited(long since) => Interlocked.Add(ref workerWait, Stopwatch.GetElapsedTime(since).Ticks);

    public void TrainerWaited(long since) => Interlocked.Add(ref trainerWait, Stopwatch.GetElapsedTime(since).Ticks);

    public LoaderStatistics Read(int faulty, int quarantined) => new(
        Volatile.Read(ref batches), Volatile.Read(ref samples), Volatile.Read(ref frames),
        new TimeSpan(Volatile.Read(ref decode)), new TimeSpan(Volatile.Read(ref augment)),
        new TimeSpan(Volatile.Read(ref workerWait)), new TimeSpan(Volatile.Read(ref trainerWait)), faulty)
    {
        Substitutes = Volatile.Read(ref substitutes),
        Quarantined = quarantined,
    };
}
