using System.Diagnostics;

namespace Tclr.Data;

/// <summary>Combines the progress of the videos that are scanned in parallel.</summary>
internal sealed class ScanMeter(int total, IProgress<VideoScanProgress>? progress)
{
    // Long videos report regularly, short ones only once.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<int, double> shares = [];
    private long last = Stopwatch.GetTimestamp();
    private int done;
    private int faulty;

    /// <summary>The progress of one video; <see langword="null"/> if nothing is reported.</summary>
    public IProgress<double>? Of(int video) => progress is null ? null : new Share(this, video);

    /// <summary>Records that a video is done.</summary>
    public void Done(int video, bool isFaulty)
    {
        lock (gate)
        {
            shares.Remove(video);
            done++;
            faulty += isFaulty ? 1 : 0;
            Report();
        }
    }

    private void Report()
    {
        last = Stopwatch.GetTimestamp();
        progress?.Report(new VideoScanProgress(done, total, faulty, shares.Values.Sum()));
    }

    private void Note(int video, double share)
    {
        lock (gate)
        {
            shares[video] = Math.Clamp(share, 0, 1);
            if (Stopwatch.GetElapsedTime(last) >= Pause)
            {
                Report();
            }
        }
    }

    private sealed class Share(ScanMeter meter, int video) : IProgress<double>
    {
        public void Report(double value) => meter.Note(video, value);
    }
}
