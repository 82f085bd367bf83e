using System.Text.Json.Serialization;
using Tclr.Data;

namespace Tclr;

/// <summary>The clip sampler of a recipe. Derive from it for a sampler of your own, and register it with <see cref="RecipeRegistry.Add{T}"/>.</summary>
[JsonDerivedType(typeof(TclrSampler), "tclr")]
[JsonDerivedType(typeof(TclrReferenceSampler), "tclr_reference")]
[JsonDerivedType(typeof(TclrTestSampler), "tclr_test")]
[JsonDerivedType(typeof(CvrlSampler), "cvrl")]
[JsonDerivedType(typeof(CvrlTestSampler), "cvrl_test")]
[JsonDerivedType(typeof(DualVarSampler), "dual_var")]
[JsonDerivedType(typeof(DualVarTestSampler), "dual_var_test")]
[JsonDerivedType(typeof(UniformSampler), "uniform")]
[JsonDerivedType(typeof(RandomSampler), "random")]
public abstract record SamplerRecipe
{
    /// <summary>Frame stride of the clips that a classifier is trained and evaluated on, as in the papers.</summary>
    private const int ClassifierStride = 2;

    /// <summary>The global and local clips of TCLR's paper, <see cref="ClipSamplers.Tclr"/>.</summary>
    /// <param name="localClips">Number of local clips of a view, 1 or more; the number of timesteps of the encoder's features. The default value is 4.</param>
    /// <param name="globalViews">Number of augmented views, 1 or more. The default value is 2.</param>
    /// <param name="stride">Stride of the local clips. The default value is 1 frame.</param>
    /// <returns>The recipe.</returns>
    public static SamplerRecipe Tclr(int localClips = 4, int globalViews = 2, ClipStride? stride = null)
        => new TclrSampler { LocalClips = localClips, GlobalViews = globalViews, Stride = stride ?? 1 };

    /// <summary>The global and local clips of TCLR's code, <see cref="ClipSamplers.TclrReference"/>.</summary>
    /// <param name="localClips">Number of local clips of a view, 1 or more. The default value is 4.</param>
    /// <returns>The recipe.</returns>
    public static SamplerRecipe TclrReference(int localClips = 4) => new TclrReferenceSampler(localClips);

    /// <summary>The test clips of TCLR's code, <see cref="ClipSamplers.TclrTest"/>.</summary>
    /// <param name="clips">Number of clips, 1 or more. The default value is 10.</param>
    /// <returns>The recipe.</returns>
    public static SamplerRecipe TclrTest(int clips = 10) => new TclrTestSampler(clips);

    /// <summary>The two clips of CVRL, <see cref="ClipSamplers.Cvrl"/>.</summary>
    /// <param name="stride">The stride. The default value is 2 frames.</param>
    /// <returns>The recipe.</returns>
    public static SamplerRecipe Cvrl(ClipStride? stride = null) => new CvrlSampler { Stride = stride ?? 2 };

    /// <summary>The test clips of CVRL, <see cref="ClipSamplers.CvrlTest"/>.</summary>
    /// <param name="clips">Number of clips, 1 or more. The default value is 10.</param>
    /// <param name="stride">The stride. The default value is 2 frames.</param>
    /// <returns>The recipe.</returns>
    public static SamplerRecipe CvrlTest(int clips = 10, ClipStride? stride = null) => new CvrlTestSampler { Clips = clips, Stride = stride ?? 2 };

    /// <summary>The three clips of DualVar, <see cref="ClipSamplers.DualVar"/>.</summary>
    /// <param name="stride">The stride. The default value is 4 frames.</param>
    /// <param name="reversal">Whether to reverse all clips of half of the samples. The default value is <see langword="false"/>.</param>
    /// <returns>The recipe.</returns>
    public static SamplerRecipe DualVar(ClipStride? stride = null, bool reversal = false) => new DualVarSampler { Stride = stride ?? 4, Reversal = reversal };

    /// <summary>The test clips of DualVar, <see cref="ClipSamplers.DualVarTest"/>.</summary>
    /// <param name="clips">Number of clips, 1 or more. The default value is 10.</param>
    /// <param name="stride">The stride. The default value is 2 frames.</param>
    /// <returns>The recipe.</returns>
    public static SamplerRecipe DualVarTest(int clips = 10, ClipStride? stride = null) => new DualVarTestSampler { Clips = clips, Stride = stride ?? 2 };

    /// <summary>Evenly spaced clips, <see cref="ClipSamplers.Uniform"/>.</summary>
    /// <param name="clips">Number of clips, 1 or more.</param>
    /// <param name="stride">The stride. The default value is 1 frame.</param>
    /// <returns>The recipe.</returns>
    public static SamplerRecipe Uniform(int clips, ClipStride? stride = null) => new UniformSampler { Clips = clips, Stride = stride ?? 1 };

    /// <summary>Clips at independent random times, <see cref="ClipSamplers.Random"/>.</summary>
    /// <param name="clips">Number of clips, 1 or more. The default value is 1.</param>
    /// <param name="stride">The stride. The default value is 2 frames.</param>
    /// <returns>The recipe.</returns>
    public static SamplerRecipe Random(int clips = 1, ClipStride? stride = null) => new RandomSampler { Clips = clips, Stride = stride ?? 2 };

    /// <summary>Creates the sampler for pre-training.</summary>
    /// <param name="length">Number of frames of a clip.</param>
    /// <returns>The sampler.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public abstract IClipSampler Create(int length);

    /// <summary>Creates the sampler for evaluation, which must be deterministic.</summary>
    /// <param name="clips">Number of clips of a video.</param>
    /// <param name="length">Number of frames of a clip.</param>
    /// <returns>The sampler; evenly spaced clips of every second frame unless overridden.</returns>
    public virtual IClipSampler CreateTest(int clips, int length) => ClipSamplers.Uniform(clips, length, ClassifierStride);

    /// <summary>Creates the sampler for training a classifier.</summary>
    /// <param name="length">Number of frames of a clip.</param>
    /// <returns>The sampler; one random clip of every second frame unless overridden.</returns>
    public virtual IClipSampler CreateFineTuning(int length) => ClipSamplers.Random(clips: 1, length, ClassifierStride);

    /// <summary>Adapts the sampler to videos.</summary>
    /// <returns>The sampler, and what was chosen; <see langword="null"/> if it does not adapt.</returns>
    internal virtual (SamplerRecipe Sampler, ClipFit Fit)? FitTo(IReadOnlyList<VideoInfo> videos, int length) => null;

    private sealed record TclrSampler : SamplerRecipe
    {
        public int LocalClips { get; init; } = 4;

        public int GlobalViews { get; init; } = 2;

        public ClipStride Stride { get; init; } = 1;

        public override IClipSampler Create(int length) => ClipSamplers.Tclr(length, LocalClips, GlobalViews, Stride);

        internal override (SamplerRecipe Sampler, ClipFit Fit)? FitTo(IReadOnlyList<VideoInfo> videos, int length)
        {
            var fit = ClipFit.Of(videos, length, LocalClips, Stride);
            return (this with { LocalClips = fit.LocalClips, Stride = fit.Stride }, fit);
        }
    }

    private sealed record TclrReferenceSampler(int LocalClips = 4) : SamplerRecipe
    {
        public override IClipSampler Create(int length) => ClipSamplers.TclrReference(length, LocalClips);

        public override IClipSampler CreateTest(int clips, int length) => ClipSamplers.TclrTest(clips, length);
    }

    private sealed record TclrTestSampler(int Clips = 10) : SamplerRecipe
    {
        public override IClipSampler Create(int length) => ClipSamplers.TclrTest(Clips, length);

        public override IClipSampler CreateTest(int clips, int length) => ClipSamplers.TclrTest(clips, length);
    }

    private sealed record CvrlSampler : SamplerRecipe
    {
        public ClipStride Stride { get; init; } = 2;

        public override IClipSampler Create(int length) => ClipSamplers.Cvrl(length, Stride);

        public override IClipSampler CreateTest(int clips, int length) => ClipSamplers.CvrlTest(clips, length);

        public override IClipSampler CreateFineTuning(int length) => ClipSamplers.CvrlFineTuning(length);
    }

    private sealed record CvrlTestSampler : SamplerRecipe
    {
        public int Clips { get; init; } = 10;

        public ClipStride Stride { get; init; } = 2;

        public override IClipSampler Create(int length) => ClipSamplers.CvrlTest(Clips, length, Stride);

        public override IClipSampler CreateTest(int clips, int length) => ClipSamplers.CvrlTest(clips, length, Stride);

        public override IClipSampler CreateFineTuning(int length) => ClipSamplers.CvrlFineTuning(length, Stride);
    }

    private sealed record DualVarSampler : SamplerRecipe
    {
        public ClipStride Stride { get; init; } = 4;

        public bool Reversal { get; init; }

        public override IClipSampler Create(int length) => ClipSamplers.DualVar(length, Stride, Reversal);

        public override IClipSampler CreateTest(int clips, int length) => ClipSamplers.DualVarTest(clips, length);

        public override IClipSampler CreateFineTuning(int length) => ClipSamplers.DualVarFineTuning(length);
    }

    private sealed record DualVarTestSampler : SamplerRecipe
    {
        public int Clips { get; init; } = 10;

        public ClipStride Stride { get; init; } = 2;

        public override IClipSampler Create(int length) => ClipSamplers.DualVarTest(Clips, length, Stride);

        public override IClipSampler CreateTest(int clips, int length) => ClipSamplers.DualVarTest(clips, length, Stride);

        public override IClipSampler CreateFineTuning(int length) => ClipSamplers.DualVarFineTuning(length, Stride);
    }

    private sealed record UniformSampler : SamplerRecipe
    {
        public int Clips { get; init; } = 1;

        public ClipStride Stride { get; init; } = 1;

        public override IClipSampler Create(int length) => ClipSamplers.Uniform(Clips, length, Stride);
    }

    private sealed record RandomSampler : SamplerRecipe
    {
        public int Clips { get; init; } = 1;

        public ClipStride Stride { get; init; } = 2;

        public override IClipSampler Create(int length) => ClipSamplers.Random(Clips, length, Stride);
    }
}
