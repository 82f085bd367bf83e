using Tclr.Core;

namespace Tclr.Data;

/// <summary>
/// An incomplete batch. Workers write its samples; the one that writes the last replaces the failed ones and completes
/// the batch.
/// </summary>
internal sealed class PendingBatch : IDisposable
{
    private readonly ClipMaker maker;
    private readonly VideoIndex index;
    private readonly Quarantine quarantine;
    private readonly ReadJob job;
    private readonly int tolerated;
    private readonly int step;
    private readonly int first;
    private readonly string[] names;
    private readonly FaultyVideo?[] failed;
    private readonly List<FaultyVideo> faults = [];
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IBatchClips clips;
    private int remaining;

    /// <summary>Creates a batch; called on the thread that enumerates the batches.</summary>
    public PendingBatch(ClipMaker maker, VideoIndex index, Quarantine quarantine, ReadJob job, int step, int tolerated, IBatchClips clips)
    {
        this.maker = maker;
        this.index = index;
        this.quarantine = quarantine;
        this.job = job;
        this.tolerated = tolerated;
        this.clips = clips;
        this.step = step;
        first = job.FirstOf(step);
        Count = job.SamplesOf(step);
        remaining = Count;
        names = new string[Count];
        failed = new FaultyVideo?[Count];
    }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>Number of samples that were replaced by another video; read it when the batch is ready.</summary>
    public int Substitutes { get; private set; }

    /// <summary>Completes when all samples are written, or with the error.</summary>
    public Task Ready => ready.Task;

    /// <summary>The videos that did not decode; read it when the batch is ready.</summary>
    public IReadOnlyList<FaultyVideo> Faults => faults;

    /// <summary>Makes one sample. Never throws: errors are reported by <see cref="Ready"/>.</summary>
    public void Fill(int slot, CancellationToken cancellationToken)
    {
        try
        {
            failed[slot] = TryMake(job.Order[first + slot], slot, cancellationToken);
            if (Interlocked.Decrement(ref remaining) == 0)
            {
                Finish(cancellationToken);
                ready.TrySetResult();
            }
        }
        catch (OperationCanceledException e)
        {
            ready.TrySetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            ready.TrySetException(e);
        }
    }

    /// <summary>Takes the batch; the caller owns it.</summary>
    public ClipBatch Take(ViewLayout layout, ChannelOrder channels) => clips.Take(layout, channels, names);

    /// <summary>Releases a batch that was not taken. No worker may be writing.</summary>
    public void Dispose()
    {
        clips.Dispose();
        _ = ready.Task.Exception; // Observed, because a consumer that stops early does not.
    }

    private FaultyVideo? TryMake(int video, int slot, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string path = index.Items[video].Path;
        if (quarantine.Find(path) is { } known)
        {
            return known;
        }

        try
        {
            maker.Make(video, job.Order[first + slot], job, clips, slot, cancellationToken);
            names[slot] = maker.NameOf(video);
            return null;
        }
        catch (VideoDataException e) when (e.Video is not null)
        {
            quarantine.Add(e.Video);
            return e.Video;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new VideoDataException($"'{path}' could not be made into clips: {e.Message}", e);
        }
    }

    // On one thread and in the order of the batch, so that the replacements do not depend on timing.
    private void Finish(CancellationToken cancellationToken)
    {
        faults.AddRange(failed.OfType<FaultyVideo>());
        if (faults.Count == 0)
        {
            return;
        }

        if (!job.Substitute)
        {
            throw new VideoDataException(faults[0]);
        }

        Substitutes = faults.Count;
        for (int slot = 0; slot < Count; slot++)
        {
            using var candidates = job.SubstitutesOf(step, first + slot).GetEnumerator();
            while (failed[slot] is not null)
            {
                if (faults.Count > tolerated || !candidates.MoveNext())
                {
                    throw new VideoDataException(
                        $"{faults.Count} videos of '{index.Dataset.Name}' did not decode in one batch: expected {tolerated} of {index.Items.Count} at most (MaximumFaultyShare), and others to replace them. Replace or remove them and index the videos anew.{FaultReport.List(faults)}");
                }

                failed[slot] = TryMake(candidates.Current, slot, cancellationToken);
                if (failed[slot] is { } another && !faults.Exists(known => string.Equals(known.Path, another.Path, StringComparison.Ordinal)))
                {
                    faults.Add(another);
                }
            }
        }
    }
}
