namespace Tclr.Data;

/// <summary>The samplers.</summary>
public static class ClipSamplers
{
    /// <summary>TCLR's views: a global clip over a random window, and local clips that tile it.</summary>
    /// <remarks>
    /// The window is <c>clipLength * timesteps</c> consecutive frames with a start uniform over all that fit. The global
    /// clip is every <paramref name="timesteps"/>-th frame of it, local clip <c>j</c> its <c>j</c>-th part. All versions
    /// show the same frames and differ by augmentation. A video shorter than the window is played back and forth; one
    /// shorter than a clip is too short. (Dave et al., TCLR, 2022, section 3; the authors' code never draws the last
    /// start and drops videos of 56 frames or fewer.)
    /// </remarks>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 1 or more. The default value is 16.</param>
    /// <param name="timesteps">Local clips per version, 1 or more. The default value is 4.</param>
    /// <param name="versions">Augmented versions, 1 or more. The default value is 2.</param>
    /// <returns>The sampler, with layout <c>(versions, timesteps)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IClipSampler Tclr(int clipLength = 16, int timesteps = 4, int versions = 2) => new TclrSampler(clipLength, timesteps, versions);

    /// <summary>Clips for evaluation, evenly spaced from the first possible start to the last one.</summary>
    /// <remarks>Start <c>i</c> of <c>n</c> is <c>i * last / (n - 1)</c>, rounded down. Nothing is random. A video shorter than a clip's span is played back and forth.</remarks>
    /// <param name="clips">Number of clips, 1 or more; a single one starts at 0.</param>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 1 or more.</param>
    /// <param name="stride">Step from a frame of a clip to the next, 1 or more. The default value is 1.</param>
    /// <returns>The sampler, with layout <c>(clips, 0)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IClipSampler Uniform(int clips, int clipLength, int stride = 1) => new UniformSampler(clips, clipLength, stride);
}
