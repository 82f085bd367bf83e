using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;

namespace Tclr.Cli;

/// <summary>Measures encoders on held-out videos, all in the same way.</summary>
/// <param name="Videos">The videos, without those that are too short.</param>
/// <param name="LeftOut">Number of videos that are too short.</param>
/// <param name="Options">Moments as long as the local clips of training.</param>
/// <param name="Recipe">The recipe, for the augmentation.</param>
/// <param name="Reader">Decodes the videos.</param>
internal sealed record MomentMeasure(VideoIndex Videos, int LeftOut, MomentOptions Options, TclrRecipe Recipe, IVideoReader Reader)
{
    public const int Fewest = 4;

    private const int Most = 8;

    /// <summary>Chooses 8 moments of each video, or fewer if a video has fewer different clips.</summary>
    /// <exception cref="UsageException">All videos are too short.</exception>
    public static MomentMeasure Of(TclrRecipe recipe, ClipFit fit, VideoIndex videos, IVideoReader reader)
    {
        var room = videos.Items.Zip(videos.Infos).ToDictionary(video => video.First, video => Different(video.Second));
        int moments = Math.Clamp(room.Values.Min() / 2 * 2, Fewest, Most);
        var kept = videos.Where(item => room[item] >= moments);
        return kept.Items.Count > 0
            ? new MomentMeasure(kept, videos.Items.Count - kept.Items.Count, new MomentOptions { Moments = moments, ClipLength = fit.Length, Stride = fit.Stride }, recipe, reader)
            : throw new UsageException($"--videos: expected videos of {fit.Length + Fewest - 1} frames or more, for {Fewest} different clips of {fit.Length} frames; the longest that is held out has {videos.Infos.Max(info => info.Frames)}");

        // Clips that start at different frames.
        int Different(VideoInfo info)
        {
            double stride = fit.Stride.FrameCount ?? Math.Max(1, Math.Round(info.FramesPerSecond * fit.Stride.ClipSeconds!.Value / Math.Max(1, fit.Length - 1)));
            return (int)Math.Clamp(info.Frames - ((fit.Length - 1) * stride), 0, int.MaxValue);
        }
    }

    /// <summary>Measures an encoder.</summary>
    public Task<MomentResult> RunAsync(IVideoEncoder encoder, IProgress<int> progress, CancellationToken cancellationToken)
        => VideoMoments.MeasureAsync(encoder, Videos, Reader, Recipe.Clips.CreateTestAugmentation(), Recipe.Clips.CreateAugmentation(), Options, progress, cancellationToken);
}
