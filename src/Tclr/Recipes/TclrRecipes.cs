using Tclr.Core;
using Tclr.Data;
using Tclr.Losses;

namespace Tclr;

/// <summary>Ready-made recipes. Expected scores are those that the papers report, unless stated otherwise.</summary>
public static class TclrRecipes
{
    /// <summary>The recipes by name, for command lines.</summary>
    public static IReadOnlyDictionary<string, Func<TclrRecipe>> All { get; } = new Dictionary<string, Func<TclrRecipe>>(StringComparer.OrdinalIgnoreCase)
    {
        ["ucf101-r3d18-reference"] = Ucf101R3D18Reference,
        ["ucf101-r3d18-paper"] = Ucf101R3D18Paper,
        ["kinetics400-r3d50-cvrl-200"] = () => Kinetics400R3D50Cvrl(),
        ["kinetics400-r3d50-cvrl-800"] = () => Kinetics400R3D50Cvrl(epochs: 800),
        ["kinetics600-r3d50-cvrl-200"] = () => Kinetics600R3D50Cvrl(),
        ["kinetics600-r3d50-cvrl-800"] = () => Kinetics600R3D50Cvrl(epochs: 800),
        ["ucf101-r3d18-cvrl"] = () => Ucf101R3D18Cvrl(),
        ["kinetics400-r2plus1d-dualvar"] = () => Kinetics400R2Plus1DDualVar(),
        ["ucf101-r2plus1d-dualvar"] = () => Ucf101R2Plus1DDualVar(),
        ["ucf101-r2plus1d-dualvar-rank"] = () => Ucf101R2Plus1DDualVar(temporalCoherence: false),
        ["ucf101-r2plus1d-dualvar-momentum"] = () => Ucf101R2Plus1DDualVarMomentum(),
        ["ucf101-r2plus1d-dualvar-momentum-rank"] = () => Ucf101R2Plus1DDualVarMomentum(temporalCoherence: false),
        ["tiny"] = Tiny,
        ["small"] = Small,
    };

    /// <summary>Gets a recipe by name, or reads it from a JSON file.</summary>
    /// <param name="nameOrFile">A name of <see cref="All"/>, or the path of a file.</param>
    /// <param name="registry">The kinds of parts in a file; <see langword="null"/> for <see cref="RecipeRegistry.Default"/>.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="RecipeException">There is no recipe of that name and no such file, or the file is not a valid recipe.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TclrRecipe Find(string nameOrFile, RecipeRegistry? registry = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrFile);
        return All.TryGetValue(nameOrFile, out var create) ? create()
            : File.Exists(nameOrFile) ? TclrRecipe.Load(nameOrFile, registry)
            : throw new RecipeException($"expected {string.Join(", ", All.Keys)} or a JSON file, got '{nameOrFile}'");
    }

    /// <summary>TCLR on UCF101, split 1, as in the authors' code: its weights of the loss terms, clips, augmentation, schedule and batch statistics.</summary>
    /// <remarks>
    /// <para>Paper: Dave et al., "TCLR: Temporal contrastive learning for video representation" (2022); code of 2024-02-28.</para>
    /// <para>
    /// Expected score (the authors' README and table of the ablation): linear 69.9 %, retrieval R@1 56.1 %, fine-tuned 82.4 %.
    /// Not reproduced here. Their code trains in float16; this recipe uses the precision that suits the device.
    /// </para>
    /// <para>
    /// Expected time: at most 1,000 epochs of 239 steps, the last of 17 videos; a video's ten clips take 2.6e12 operations forward and backward
    /// (counted), the whole 2.5e19: 14 days at 20 Tflop/s sustained. The plateau rule usually lowers the learning rate to 1e-6 long before.
    /// </para>
    /// </remarks>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Ucf101R3D18Reference() => new()
    {
        Name = "ucf101-r3d18-reference",
        Source = "Dave et al. (2022), TCLR, the authors' code",
        Loss = LossRecipe.Tclr(new TclrLossOptions { Convention = TclrLossConvention.Reference }),
        Clips = new ClipRecipe { Sampler = SamplerRecipe.TclrReference(), Augmentation = AugmentationRecipe.TclrReference },
        Schedule = LearningRateSchedules.TclrReference,
        Epochs = 1000,
        BatchNormScope = BatchNormScope.PerView,
        KeepLastBatch = true,
    };

    /// <summary>TCLR on UCF101, split 1, as in the paper: equations 1 to 5, a head without normalization, ten epochs of warm-up, 400 epochs.</summary>
    /// <remarks>
    /// <para>Paper: Dave et al., "TCLR: Temporal contrastive learning for video representation" (2022).</para>
    /// <para>Expected score (paper, tables of the ablation): linear 69.91 %, retrieval R@1 56.17 %, fine-tuned 82.4 %. Not reproduced here. Settings that the paper does not state are those of the authors' code.</para>
    /// <para>Expected time: 400 epochs of 239 steps, 9.9e18 operations (counted): 6 days at 20 Tflop/s sustained.</para>
    /// <para>
    /// Section 3.1 takes the instance pairs from random timesteps; the recipe uses the mean over all pairs of timesteps instead.
    /// Batch statistics are those of one view, as in the code.
    /// </para>
    /// </remarks>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Ucf101R3D18Paper() => new()
    {
        Name = "ucf101-r3d18-paper",
        Source = "Dave et al. (2022), TCLR, the paper",
        Head = HeadRecipe.SimClr(),
        Loss = LossRecipe.Tclr(new TclrLossOptions { Convention = TclrLossConvention.Paper, InstancePairs = TclrInstancePairs.RandomTimesteps }),
        Schedule = LearningRateSchedules.TclrPaper,
        Epochs = 400,
        BatchNormScope = BatchNormScope.PerView,
        KeepLastBatch = true,
    };

    /// <summary>CVRL on Kinetics-400.</summary>
    /// <remarks>
    /// <para>Paper: Qian et al., "Spatiotemporal contrastive video representation learning" (2021).</para>
    /// <para>Expected score (the official list), linear on Kinetics-400: 63.8 % after 200 epochs, 66.1 % after 800. Not reproduced here.</para>
    /// <para>
    /// The official configuration file is for Kinetics-600; this recipe applies its settings to the 215,570 videos of the official
    /// Kinetics-400 data configuration. See <see cref="Kinetics600R3D50Cvrl"/> for what differs from the original.
    /// </para>
    /// </remarks>
    /// <param name="epochs">Number of epochs, 200 or 800 in the paper.</param>
    /// <param name="replicas">As in <see cref="Kinetics600R3D50Cvrl"/>.</param>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Kinetics400R3D50Cvrl(int epochs = 200, int replicas = 1) => Cvrl("kinetics400", epochs, videos: 215_570, replicas);

    /// <summary>CVRL on Kinetics-600, the official configuration.</summary>
    /// <remarks>
    /// <para>Paper: Qian et al., "Spatiotemporal contrastive video representation learning" (2021); official configurations.</para>
    /// <para>Expected score (the official list), linear after 800 epochs: 68.5 % on Kinetics-400, 70.4 % on Kinetics-600; none is published for 200 epochs. Not reproduced here.</para>
    /// <para>
    /// What differs: a batch of 1,024 videos needs gradient caching on one device, and normalizes over a pass of 16 videos instead of the
    /// whole batch. The momentum has PyTorch's form (<c>v = m v + g</c>, step <c>lr v</c>), which differs from TensorFlow's
    /// (<c>v = m v - lr g</c>) only where the rate changes.
    /// </para>
    /// </remarks>
    /// <param name="epochs">Number of epochs, 200 or 800 in the paper.</param>
    /// <param name="replicas">
    /// Number of TPU cores of the original run, which is not published. The original does not divide the loss by them, so that its step is
    /// that of a mean loss with the learning rate <c>0.32 replicas</c>.
    /// </param>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Kinetics600R3D50Cvrl(int epochs = 200, int replicas = 1) => Cvrl("kinetics600", epochs, videos: 366_019, replicas);

    /// <summary>CVRL with R3D-18 on UCF101, as in the comparison of TCLR's paper.</summary>
    /// <remarks>
    /// <para>Paper: Dave et al., "TCLR" (2022): batch 512, 112 pixels, 800 epochs.</para>
    /// <para>Expected score (that paper), fine-tuned: 75.8 % on UCF101, 44.6 % on HMDB51. Not reproduced here. The learning rate is not published; it is CVRL's, scaled to the batch size.</para>
    /// </remarks>
    /// <param name="replicas">As in <see cref="Kinetics600R3D50Cvrl"/>.</param>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Ucf101R3D18Cvrl(int replicas = 1) => Cvrl("ucf101", epochs: 800, videos: 9537, replicas) with
    {
        Name = "ucf101-r3d18-cvrl",
        Encoder = EncoderRecipe.Of("r3d18"),
        Clips = new ClipRecipe { Sampler = SamplerRecipe.Cvrl(), Augmentation = AugmentationRecipe.Cvrl },
        Optimizer = new SgdOptions { LearningRate = 0.16 * replicas, WeightDecay = 1e-6, ExcludeNormAndBias = true },
        Schedule = LearningRateSchedules.Cvrl(warmupEpochs: 5),
        BatchSize = 512,
        VideosPerPass = 64,
        Epochs = 800,
        Steps = null,
    };

    /// <summary>DualVar on Kinetics-400, with negatives from the batch (the authors' SimCLR form).</summary>
    /// <remarks>
    /// <para>Paper: Zhang et al., "Inter-intra Variant Dual Representations for Self-supervised Video Recognition" (2021); the authors' script of table 1.</para>
    /// <para>Expected score (their table), fine-tuned: 82.0 % on UCF101, 51.2 % on HMDB51. Not reproduced here. The authors evaluate the checkpoint after 190 of the 200 epochs.</para>
    /// <para>
    /// What differs: each of the authors' 8 processes takes the gradient of the clip term at its own embeddings only, and the processes
    /// average, so that this term's gradient is an eighth of the gradient over the whole batch, which is used here.
    /// </para>
    /// </remarks>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Kinetics400R2Plus1DDualVar() => DualVar("kinetics400-r2plus1d-dualvar");

    /// <summary>DualVar on UCF101, with negatives from the batch (the authors' SimCLR form).</summary>
    /// <remarks>
    /// <para>Paper: Zhang et al. (2021); the authors' scripts of table 2.</para>
    /// <para>Expected score (their table), fine-tuned: 79.0 % on UCF101, 45.4 % on HMDB51; retrieval R@1 46.7 % (46.1 % in the abstract). Not reproduced here.</para>
    /// </remarks>
    /// <param name="temporalCoherence">Whether to include the temporal-coherent term; without it, the ranking terms alone.</param>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Ucf101R2Plus1DDualVar(bool temporalCoherence = true)
        => DualVar(temporalCoherence ? "ucf101-r2plus1d-dualvar" : "ucf101-r2plus1d-dualvar-rank") with
        {
            Loss = LossRecipe.DualVar(new DualVarLossOptions { TemporalCoherence = temporalCoherence }),
        };

    /// <summary>DualVar on UCF101 with momentum contrast: queues of 16,384 keys, momentum 0.999.</summary>
    /// <remarks>
    /// <para>Paper: Zhang et al. (2021); the authors' scripts of table 2.</para>
    /// <para>Expected score (their table), fine-tuned: 78.5 % on UCF101, 47.5 % on HMDB51. Not reproduced here.</para>
    /// <para>The original synchronizes batch normalization over its 8 GPUs, so that shuffling the keys between them has no effect. Here too, a pass normalizes over the whole batch.</para>
    /// </remarks>
    /// <param name="temporalCoherence">Whether to include the temporal-coherent term; without it, the ranking terms alone.</param>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Ucf101R2Plus1DDualVarMomentum(bool temporalCoherence = true)
        => DualVar(temporalCoherence ? "ucf101-r2plus1d-dualvar-momentum" : "ucf101-r2plus1d-dualvar-momentum-rank") with
        {
            Loss = LossRecipe.DualVarMomentum(options: new DualVarLossOptions { RankCap = double.PositiveInfinity, TemporalCoherence = temporalCoherence }),
            Passes = PassPlan.DualVarMomentum,
            Momentum = new MomentumOptions(),
        };

    /// <summary>A small encoder on clips of 8 frames of 32x32 pixels, for trials and the embedded set of <c>tclr demo</c>.</summary>
    /// <remarks>
    /// Measured here on the embedded set of <c>tclr demo</c>, 160 steps of 16 videos: retrieval R@1 43 to 49 % over seeds 11 to 14, against
    /// 32 to 37 % for instance contrast alone and 19 to 26 % for random weights; about half a minute on two cores.
    /// </remarks>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Tiny() => new()
    {
        Name = "tiny",
        Source = "the embedded set of tclr demo",
        Encoder = EncoderRecipe.Of("small_r3d"),
        Head = HeadRecipe.Tclr(hidden: 64, embedding: 32),
        Clips = new ClipRecipe { Length = 8, Augmentation = AugmentationRecipe.Demo(), Size = 32 },
        Optimizer = new AdamOptions { LearningRate = 2e-3, WeightDecay = 1e-5 },
        Schedule = LearningRateSchedules.WarmupCosine(warmupSteps: 10, finalFactor: 0.05),
        BatchSize = 16,
        Steps = 160,
    };

    /// <summary>For 10 to 1,000 real videos on a CPU within 10 minutes, or on a GPU: found by a search that docs/small-sets.md records.</summary>
    /// <remarks>
    /// <para>
    /// Local clips of 8 frames last 1.1 seconds; <see cref="TclrRecipe.FitClips"/> shortens them where videos are too short for four of them.
    /// The crops, flips and colors that the encoder must ignore are as strong as those of the queries that measure it, and the steps
    /// are enough to leave the plateau of the local-local loss.
    /// </para>
    /// <para>Expected scores and times: docs/small-sets.md.</para>
    /// </remarks>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Small() => new()
    {
        Name = "small",
        Source = "a search on small sets of real videos (docs/small-sets.md)",
        Encoder = EncoderRecipe.Of("small_r3d"),
        Head = HeadRecipe.Tclr(hidden: 64, embedding: 32),
        Clips = new ClipRecipe { Length = 8, Size = 48, Sampler = SamplerRecipe.Tclr(stride: ClipStride.Seconds(1.12)), FitVideos = true, Augmentation = AugmentationRecipe.CropFlipColor() },
        Optimizer = new AdamOptions { LearningRate = 2e-3, WeightDecay = 1e-5 },
        Schedule = LearningRateSchedules.WarmupCosine(warmupSteps: 10, finalFactor: 0.05),
        BatchSize = 16,
        Steps = 900,
    };

    private static TclrRecipe Cvrl(string dataset, int epochs, int videos, int replicas)
    {
        const int Batch = 1024;
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return new()
        {
            Name = FormattableString.Invariant($"{dataset}-r3d50-cvrl-{epochs}"),
            Source = "Qian et al. (2021), CVRL, official configuration",
            Encoder = EncoderRecipe.Of("r3d50"),
            Head = HeadRecipe.Cvrl(),
            Loss = LossRecipe.InstanceContrastive(weight: 2),
            Clips = new ClipRecipe { Sampler = SamplerRecipe.Cvrl(), Augmentation = AugmentationRecipe.Cvrl, Size = 224 },
            Optimizer = new SgdOptions { LearningRate = 0.32 * replicas, WeightDecay = 1e-6, ExcludeNormAndBias = true },
            Schedule = LearningRateSchedules.Cvrl(warmupSteps: (int)(5L * videos / Batch)),
            BatchSize = Batch,
            VideosPerPass = 16,
            GradientCaching = true,
            Steps = (long)epochs * videos / Batch,
        };
    }

    private static TclrRecipe DualVar(string name) => new()
    {
        Name = name,
        Source = "Zhang et al. (2021), DualVar, the authors' code",
        Encoder = EncoderRecipe.Of("r2plus1d"),
        Head = HeadRecipe.DualVarClip(),
        FurtherHeads = new Dictionary<string, HeadRecipe>(StringComparer.Ordinal) { [PassPlan.SeriesHead] = HeadRecipe.DualVarSeries() },
        Loss = LossRecipe.DualVar(),
        Passes = PassPlan.DualVar,
        Clips = new ClipRecipe { Sampler = SamplerRecipe.DualVar(reversal: true), Augmentation = AugmentationRecipe.DualVar },
        Optimizer = new SgdOptions(),
        Schedule = LearningRateSchedules.MultiStep([120, 160]),
        BatchSize = 64,
        Epochs = 200,
    };
}
