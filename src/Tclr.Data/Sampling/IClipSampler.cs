using Tclr.Core;

namespace Tclr.Data;

/// <summary>Chooses the frames of each view of a sample. A pure function of the video's properties and the random stream.</summary>
public interface IClipSampler
{
    /// <summary>The number and order of the views.</summary>
    ViewLayout Layout { get; }

    /// <summary>Number of frames <c>T</c> of each view.</summary>
    int ClipLength { get; }

    /// <summary>Minimum number of frames of a video.</summary>
    int MinimumFrames { get; }

    /// <summary>Chooses the frames.</summary>
    /// <param name="video">The video, of <see cref="MinimumFrames"/> frames or more.</param>
    /// <param name="random">The sample's random stream.</param>
    /// <returns>The frames of each view, in the order of <see cref="ViewLayout"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The video is too short.</exception>
    /// <exception cref="ArgumentException">The sampler needs the frame rate of the video, which is unknown.</exception>
    ClipPlan Plan(VideoInfo video, ref CounterRandom random);
}
