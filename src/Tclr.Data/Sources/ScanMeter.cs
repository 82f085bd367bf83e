using System.Diagnostics;

namespace Tclr.Data;

/// <summary>Adds up the progress of the videos that are scanned at a time.</summary>
internal sealed class ScanMeter(int total, IProgress<VideoScanProgress>? progress)
{
    // Long videos are not to be silent, and short ones not to report more often than each once.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<int, double> shares = [];
    private long last = Stopwatch.GetTimestamp();
    private int done;
    private int faulty;

    /// <summary>Gives what hears about one video; <see langword="null"/> where nobody does.</summary>
    public IProgress<double>? Of(int video) => progress is null ? null : new Share(this, video);

    /// <summary>Notes that a video is done.</summary>
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
