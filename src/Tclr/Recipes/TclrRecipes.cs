using Tclr.Core;
using Tclr.Losses;

namespace Tclr;

/// <summary>Ready-made recipes. Scores are those of the papers unless measured here is said.</summary>
public static class TclrRecipes
{
    /// <summary>The recipes by name, for command lines.</summary>
    public static IReadOnlyDictionary<string, Func<TclrRecipe>> All { get; } = new Dictionary<string, Func<TclrRecipe>>(StringComparer.OrdinalIgnoreCase)
    {
        ["ucf101-r3d18-reference"] = Ucf101R3D18Reference,
        ["ucf101-r3d18-paper"] = Ucf101R3D18Paper,
        ["kinetics600-r3d50-cvrl"] = Kinetics600R3D50Cvrl,
        ["tiny"] = Tiny,
    };

    /// <summary>The recipe of a name, or of a JSON file.</summary>
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

    /// <summary>What the authors' code of TCLR runs on UCF101, split 1: its scaling of the terms, its clips, augmentation, schedule and statistics.</summary>
    /// <remarks>
    /// <para>Paper: Dave et al., "TCLR: Temporal contrastive learning for video representation" (2022); code of 2024-02-28.</para>
    /// <para>
    /// Expected score (the authors' README and table of the ablation): linear 69.9 %, retrieval R@1 56.1 %, fine-tuned 82.4 %.
    /// Not repeated here. Their code trains in float16 where this one takes what the device's probe chooses.
    /// </para>
    /// <para>
    /// Expected time: at most 1,000 epochs of 238 steps; a video's ten clips take 2.6e12 operations forward and backward
    /// (counted), the whole 2.5e19: 14 days at 20 Tflop/s sustained. The plateau rule usually has the rate at 1e-6 long before.
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
    };

    /// <summary>What the paper of TCLR says on UCF101, split 1: equations 1 to 5, a head without normalization, ten epochs of warm-up, 400 epochs.</summary>
    /// <remarks>
    /// <para>Paper: Dave et al., "TCLR: Temporal contrastive learning for video representation" (2022).</para>
    /// <para>Expected score (paper, tables of the ablation): linear 69.91 %, retrieval R@1 56.17 %, fine-tuned 82.4 %. Not repeated here; what the paper leaves open is as in the authors' code.</para>
    /// <para>Expected time: 400 epochs of 238 steps, 9.9e18 operations (counted): 6 days at 20 Tflop/s sustained.</para>
    /// </remarks>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Ucf101R3D18Paper() => new()
    {
        Name = "ucf101-r3d18-paper",
        Source = "Dave et al. (2022), TCLR, the paper",
        Head = HeadRecipe.SimClr(),
        Loss = LossRecipe.Tclr(new TclrLossOptions { Convention = TclrLossConvention.Paper }),
        Schedule = LearningRateSchedules.TclrPaper,
        Epochs = 400,
    };

    /// <summary>CVRL on Kinetics-600, the official 200-epoch configuration.</summary>
    /// <remarks>
    /// <para>Paper: Qian et al., "Spatiotemporal contrastive video representation learning" (2021); official configurations.</para>
    /// <para>Expected score (their list): linear 63.8 % on Kinetics-400 after 200 epochs. Not repeated here.</para>
    /// <para>A batch of 1,024 videos needs gradient caching on one device, and then normalizes over a pass instead of the whole batch.</para>
    /// </remarks>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Kinetics600R3D50Cvrl() => new()
    {
        Name = "kinetics600-r3d50-cvrl",
        Source = "Qian et al. (2021), CVRL, official configuration",
        Encoder = EncoderRecipe.Of("r3d50"),
        Head = HeadRecipe.Cvrl(),
        Loss = LossRecipe.InstanceContrastive(weight: 2),
        Clips = new ClipRecipe { Sampler = SamplerRecipe.Cvrl(), Augmentation = AugmentationRecipe.Cvrl, Size = 224 },
        Optimizer = new SgdOptions { LearningRate = 0.32, WeightDecay = 1e-6, ExcludeNormAndBias = true },
        Schedule = LearningRateSchedules.Cvrl(1787),
        BatchSize = 1024,
        VideosPerPass = 16,
        GradientCaching = true,
        Steps = 71_488,
    };

    /// <summary>A small encoder on clips of 8 frames of 32x32 pixels, for trials and the embedded set.</summary>
    /// <remarks>
    /// Measured here on the quickstart's embedded set, 160 steps of 16 videos: retrieval R@1 43 to 49 % over seeds 11 to 14, against
    /// 32 to 37 % for instance contrast alone and 19 to 26 % for random weights; about half a minute on two cores.
    /// </remarks>
    /// <returns>The recipe.</returns>
    public static TclrRecipe Tiny() => new()
    {
        Name = "tiny",
        Source = "the embedded set of the quickstart",
        Encoder = EncoderRecipe.Of("small_r3d"),
        Head = HeadRecipe.Tclr(hidden: 64, embedding: 32),
        Clips = new ClipRecipe { Length = 8, Augmentation = AugmentationRecipe.Demo(), Size = 32 },
        Optimizer = new AdamOptions { LearningRate = 2e-3, WeightDecay = 1e-5 },
        Schedule = LearningRateSchedules.WarmupCosine(warmupSteps: 10, finalFactor: 0.05),
        BatchSize = 16,
        Steps = 160,
    };
}
