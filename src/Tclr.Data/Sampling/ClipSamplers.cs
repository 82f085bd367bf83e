namespace Tclr.Data;

/// <summary>Creates clip samplers.</summary>
public static class ClipSamplers
{
    /// <summary>The views of TCLR: a global clip over a random window, and local clips that tile it.</summary>
    /// <remarks>
    /// The window has <c>clipLength * localClips</c> frames, a stride apart, and a start that is uniform over all that fit. The global
    /// clip has every <paramref name="localClips"/>-th frame of it, local clip <c>j</c> is its <c>j</c>-th part. All global views
    /// show the same frames and differ by augmentation. A video shorter than the window is played back and forth; one
    /// shorter than a clip is refused. (Dave et al., TCLR, 2022, section 3; the authors' code never draws the last
    /// start and drops videos of 56 frames or fewer.)
    /// </remarks>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 1 or more. The default value is 16.</param>
    /// <param name="localClips">Local clips of each global view, 1 or more. The default value is 4.</param>
    /// <param name="globalViews">Global views (augmentations of the same frames), 1 or more. The default value is 2.</param>
    /// <param name="stride">Stride of the local clips; the global clips have <paramref name="localClips"/> times it. The default value is 1 frame.</param>
    /// <returns>The sampler, with layout <c>(globalViews, localClips)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IClipSampler Tclr(int clipLength = 16, int localClips = 4, int globalViews = 2, ClipStride? stride = null)
        => new TclrSampler(clipLength, localClips, globalViews, stride ?? 1);

    /// <summary>Clips for evaluation, evenly spaced from the first possible start to the last one.</summary>
    /// <remarks>Start <c>i</c> of <c>n</c> is <c>i * last / (n - 1)</c>, rounded down. Deterministic. A video shorter than a clip's span is played back and forth.</remarks>
    /// <param name="clips">Number of clips, 1 or more; a single one starts at 0.</param>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 1 or more.</param>
    /// <param name="stride">The stride. The default value is 1 frame.</param>
    /// <returns>The sampler, with layout <c>(clips, 0)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IClipSampler Uniform(int clips, int clipLength, ClipStride? stride = null) => new UniformSampler(clips, clipLength, stride ?? 1);

    /// <summary>Clips for training a classifier, with independent starts, uniform over all that fit.</summary>
    /// <remarks>A video shorter than a clip's span is played back and forth.</remarks>
    /// <param name="clips">Number of clips, 1 or more. The default value is 1.</param>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 1 or more. The default value is 16.</param>
    /// <param name="stride">The stride. The default value is 2 frames.</param>
    /// <returns>The sampler, with layout <c>(clips, 0)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IClipSampler Random(int clips = 1, int clipLength = 16, ClipStride? stride = null) => new RandomSampler(clips, clipLength, stride ?? 2);

    /// <summary>TCLR's views as in the authors' code, which differs from <see cref="Tclr"/> at the ends of a video.</summary>
    /// <remarks>
    /// The start is uniform over <c>[0, F - window)</c>, so that the last start is never drawn. A video shorter than the
    /// window starts at 0, and a clip that is too long is padded with its own frames in reverse, without the last. A video with at most
    /// half of the last local clip is refused: one of fewer than 57 frames for four clips of 16.
    /// </remarks>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 2 or more. The default value is 16.</param>
    /// <param name="localClips">Local clips of each global view, 1 or more. The default value is 4.</param>
    /// <returns>The sampler, with layout <c>(2, localClips)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below its range.</exception>
    public static IClipSampler TclrReference(int clipLength = 16, int localClips = 4) => new TclrReferenceSampler(clipLength, localClips);

    /// <summary>The test clips of TCLR's authors: every second frame, starts evenly spaced up to <c>F - 2 T - 10</c>.</summary>
    /// <remarks>
    /// Ten clips in their linear evaluation, nine in their retrieval. Deterministic. If the starts would be negative,
    /// clip <c>m</c> starts at frame <c>m</c>; a clip that is too long is padded with its own frames in reverse, without the last.
    /// </remarks>
    /// <param name="clips">Number of clips, 1 or more. The default value is 10.</param>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 2 or more. The default value is 16.</param>
    /// <returns>The sampler, with layout <c>(clips, 0)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below its range.</exception>
    public static IClipSampler TclrTest(int clips = 10, int clipLength = 16) => new TclrTestSampler(clips, clipLength);

    /// <summary>The two clips of CVRL: short intervals between them are more likely than long ones, and indices wrap around.</summary>
    /// <remarks>
    /// With <c>M = F - (T - 1) stride</c> starts, interval <c>d</c> has the probability <c>(2 (M - d) - 1) / M^2</c>; the
    /// earlier start is uniform over those that leave room, and the two are swapped at random. In a video that is too
    /// short, both start anywhere. (Qian et al., CVRL, 2021, section 3.2, power 1.)
    /// </remarks>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 1 or more. The default value is 16.</param>
    /// <param name="stride">The stride. The default value is 2 frames.</param>
    /// <returns>The sampler, with layout <c>(2, 0)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IClipSampler Cvrl(int clipLength = 16, ClipStride? stride = null) => new CvrlSampler(clipLength, stride ?? 2);

    /// <summary>The clip of CVRL's classifier training: a random start; indices wrap around.</summary>
    /// <remarks>The start is uniform over <c>[0, F - (T - 1) stride)</c>, or over all frames of a video that is too short.</remarks>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 1 or more. The default value is 32.</param>
    /// <param name="stride">The stride. The default value is 2 frames.</param>
    /// <returns>The sampler, with layout <c>(1, 0)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IClipSampler CvrlFineTuning(int clipLength = 32, ClipStride? stride = null) => new CvrlFineTuningSampler(clipLength, stride ?? 2);

    /// <summary>The test clips of CVRL, evenly spaced; indices wrap around.</summary>
    /// <remarks>
    /// Start <c>i</c> of <c>n</c> is <c>i (F - T stride) / (n - 1)</c>, rounded down, and 0 in a video that is too short; a
    /// single clip is centered. The paper's evaluation uses 10 clips with three crops each, <see cref="Augmentations.CvrlTest"/>.
    /// </remarks>
    /// <param name="clips">Number of clips, 1 or more. The default value is 10.</param>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 1 or more. The default value is 32.</param>
    /// <param name="stride">The stride. The default value is 2 frames.</param>
    /// <returns>The sampler, with layout <c>(clips, 0)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IClipSampler CvrlTest(int clips = 10, int clipLength = 32, ClipStride? stride = null) => new CvrlTestSampler(clips, clipLength, stride ?? 2);

    /// <summary>The three clips of DualVar: two around independent random frames, and the first one again.</summary>
    /// <remarks>A clip around frame <c>c</c> shows <c>c + (i - T/2) stride</c>; outside of the video, its first or last frame is repeated.</remarks>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 1 or more. The default value is 16.</param>
    /// <param name="stride">The stride. The default value is 4 frames.</param>
    /// <param name="reversal">Whether all clips are reversed together in half of the samples, as in the authors' scripts. The default value is <see langword="false"/>.</param>
    /// <returns>The sampler, with layout <c>(3, 0)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IClipSampler DualVar(int clipLength = 16, ClipStride? stride = null, bool reversal = false) => new DualVarSampler(clipLength, stride ?? 4, reversal);

    /// <summary>The clip of DualVar's classifier training: a random start.</summary>
    /// <remarks>
    /// The start is uniform over <c>[0, F - T stride)</c>. A video of at most <c>T stride</c> frames is sampled from a random
    /// phase below the stride and padded, in half of the samples at the end with its last frame, otherwise at the start with its first.
    /// </remarks>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 1 or more. The default value is 16.</param>
    /// <param name="stride">The stride. The default value is 2 frames.</param>
    /// <returns>The sampler, with layout <c>(1, 0)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IClipSampler DualVarFineTuning(int clipLength = 16, ClipStride? stride = null) => new DualVarFineTuningSampler(clipLength, stride ?? 2);

    /// <summary>The test clips of DualVar, with evenly spaced centers; the last frame pads clips that are too long.</summary>
    /// <param name="clips">Number of clips, 1 or more. The default value is 10.</param>
    /// <param name="clipLength">Frames <c>T</c> of a clip, 1 or more. The default value is 16.</param>
    /// <param name="stride">The stride: 2 frames in the authors' classification, 4 in their retrieval. The default value is 2 frames.</param>
    /// <returns>The sampler, with layout <c>(clips, 0)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static IClipSampler DualVarTest(int clips = 10, int clipLength = 16, ClipStride? stride = null) => new DualVarTestSampler(clips, clipLength, stride ?? 2);
}
