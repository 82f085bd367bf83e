using Tclr.Core;

namespace Tclr.Data;

/// <summary>Says which frames the views of a sample show. A pure function of the video's length and the random stream.</summary>
public interface IClipSampler
{
    /// <summary>How the views are arranged.</summary>
    ViewLayout Layout { get; }

    /// <summary>Number of frames <c>T</c> of each view.</summary>
    int ClipLength { get; }

    /// <summary>Fewest frames of a video that can be sampled.</summary>
    int MinimumFrames { get; }

    /// <summary>Chooses the frames.</summary>
    /// <param name="frames">Number of frames of the video, <see cref="MinimumFrames"/> or more.</param>
    /// <param name="random">The sample's random stream.</param>
    /// <returns>The frames of each view, in the order of <see cref="ViewLayout"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The video is too short.</exception>
    ClipPlan Plan(int frames, ref CounterRandom random);
}
