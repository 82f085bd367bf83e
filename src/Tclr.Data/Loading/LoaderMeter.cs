using System.Diagnostics;

namespace Tclr.Data;

/// <summary>Adds up what <see cref="LoaderStatistics"/> shows; any thread may write.</summary>
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
