using Tclr.Data;

namespace Tclr;

/// <summary>Length, number and stride of TCLR's local clips that fit a set of videos.</summary>
/// <remarks>
/// The local clips tile a window of <c>Length * LocalClips</c> frames, a stride apart. A video that is shorter than the window is played
/// back and forth: several local clips then show the same frames, which the local-local loss pushes apart. A short window, on the other
/// hand, shows little motion. Strides whose window fits half of the videos gave better encoders than shorter strides that fit more of them (docs/small-sets.md).
/// </remarks>
/// <param name="Length">Number of frames of a clip.</param>
/// <param name="LocalClips">Number of local clips of a window.</param>
/// <param name="Stride">Stride of the local clips.</param>
/// <param name="Message">What was chosen and why, for users.</param>
public sealed record ClipFit(int Length, int LocalClips, ClipStride Stride, string Message)
{
    private const double Share = 0.5;
    private const double UsualRate = 25;

    /// <summary>Chooses the largest stride, at most the wanted one, whose window fits half of the videos; if a stride of 1 frame does not fit, shorter and fewer clips.</summary>
    /// <remarks>
    /// Length and number of clips are halved together, since an encoder keeps one timestep for each local clip. A stride in seconds stays one if
    /// the frame rates differ by more than 5 %; otherwise it is rounded to frames, at 25 frames per second where no video states its rate.
    /// </remarks>
    /// <param name="videos">The videos, one or more.</param>
    /// <param name="length">Wanted number of frames of a clip, 1 or more.</param>
    /// <param name="localClips">Wanted number of local clips, 1 or more.</param>
    /// <param name="stride">Wanted stride.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="ArgumentException">There are no videos, or a number is below 1.</exception>
    public static ClipFit Of(IReadOnlyList<VideoInfo> videos, int length, int localClips, ClipStride stride)
    {
        ArgumentNullException.ThrowIfNull(videos);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(localClips, 1);
        if (videos.Count == 0)
        {
            throw new ArgumentException("ClipFit: expected one video or more, got none", nameof(videos));
        }

        var (frames, clips) = (length, localClips);
        while (Room(videos, frames * clips) < 1 && frames % 2 == 0 && clips % 2 == 0 && clips > 2)
        {
            (frames, clips) = (frames / 2, clips / 2);
        }

        var chosen = Fitting(videos, stride, length, frames, clips);
        return new ClipFit(frames, clips, chosen, Describe(videos, (length, localClips, stride), (frames, clips, chosen)));
    }

    private static ClipStride Fitting(IReadOnlyList<VideoInfo> videos, ClipStride wanted, int length, int frames, int clips)
    {
        int window = frames * clips, room = Math.Max(1, Room(videos, window));
        if (wanted.FrameCount is { } count)
        {
            return Math.Min(count, room);
        }

        // The step between frames stays where clips become shorter.
        double perStep = wanted.ClipSeconds!.Value / Math.Max(1, length - 1);
        double[] rates = [.. videos.Select(video => video.FramesPerSecond).Where(rate => rate > 0).Order()];
        if (rates.Length == videos.Count && rates[^1] > 1.05 * rates[0] && frames > 1)
        {
            double fits = Largest(videos, video => Math.Max(1, RoomOf(video, window)) / video.FramesPerSecond);
            return ClipStride.Seconds((frames - 1) * Math.Min(perStep, fits));
        }

        double rate = rates.Length > 0 ? rates[rates.Length / 2] : UsualRate;
        return (int)Math.Clamp(Math.Round(rate * perStep), 1, room);
    }

    // The largest stride at which a window fits.
    private static int Room(IReadOnlyList<VideoInfo> videos, int window) => (int)Largest(videos, video => RoomOf(video, window));

    private static int RoomOf(VideoInfo video, int window) => window == 1 ? int.MaxValue : (video.Frames - 1) / (window - 1);

    // The largest value that half of the videos reach.
    private static double Largest(IReadOnlyList<VideoInfo> videos, Func<VideoInfo, double> value)
        => videos.Select(value).OrderDescending().ElementAt((int)Math.Ceiling(Share * videos.Count) - 1);

    private static string Describe(IReadOnlyList<VideoInfo> videos, (int Length, int LocalClips, ClipStride Stride) wanted, (int Length, int LocalClips, ClipStride Stride) chosen)
    {
        int[] lengths = [.. videos.Select(video => video.Frames).Order()];
        int shorter = TooShort(chosen);
        string text = FormattableString.Invariant($"Clips of {chosen.Length} frames, {chosen.LocalClips} in a window, {Step(chosen.Stride)}. The videos have {lengths[0]} to {lengths[^1]} frames.");
        int wouldBe = TooShort(wanted);
        text += wouldBe > shorter ? FormattableString.Invariant($" The recipe's {wanted.LocalClips} clips of {wanted.Length} frames {Step(wanted.Stride)} would not fit {wouldBe} of the {videos.Count} videos.") : string.Empty;
        return text + (shorter > 0 ? FormattableString.Invariant($" Videos shorter than the window, which are played back and forth: {shorter} of {videos.Count}.") : string.Empty);

        static string Step(ClipStride stride) => stride.FrameCount is { } count
            ? FormattableString.Invariant($"with a stride of {count} {(count == 1 ? "frame" : "frames")}")
            : FormattableString.Invariant($"that last {stride.ClipSeconds:0.##} s");

        int TooShort((int Length, int LocalClips, ClipStride Stride) clips) => videos.Count(video => RoomOf(video, clips.Length * clips.LocalClips) < Frames(clips.Stride, clips.Length, video));

        static double Frames(ClipStride stride, int length, VideoInfo video) => stride.FrameCount
            ?? Math.Max(1, Math.Round((video.FramesPerSecond > 0 ? video.FramesPerSecond : UsualRate) * stride.ClipSeconds!.Value / Math.Max(1, length - 1)));
    }
}
