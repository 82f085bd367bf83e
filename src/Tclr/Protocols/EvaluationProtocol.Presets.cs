using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;

namespace Tclr;

/// <content>The protocols of TCLR, CVRL, DualVar and SEVERE.</content>
public sealed partial record EvaluationProtocol
{
    private const string FrameRange = "values in [0, 1], no mean or standard deviation";
    private const string TclrTestText = "center square of 0.8 of the shorter side, antialiased bilinear resize, 8-bit values, " + FrameRange;
    private const string TclrTrainingText = "random square of 0.6 to 1 of the shorter side, milder color changes (contrast 0.125, hue, saturation, brightness 0.15 each, gray 0.1), flip 0.5, cut-out 0.25; " + FrameRange;
    private const string DualVarScaled = "bicubic resize to 128 wide and 171 high";
    private const string ImageNet = "mean 0.485, 0.456, 0.406 and standard deviation 0.229, 0.224, 0.225";
    private const string AnyStart = "every 2nd frame, start uniform over all that fit";
    private const string TclrTuningRemark = "Fine-tuning: the paper does not state optimizer and learning rate, and the authors' code for it does not run; Adam with 1e-4 is used.";

    /// <summary>The protocol of the TCLR authors' code.</summary>
    public static EvaluationProtocol TclrCode { get; } = Tclr(
        "tclr-code", "Dave et al. (2022), TCLR, the authors' code", ClipRecipe.TclrReference,
        "every 2nd frame, start m of M is int(linspace(0, F - 2T - 10, M)[m]), or m in a video that is too short; missing frames reflected",
        retrievalClips: 9, LinearProbeOptions.Tclr,
        [TclrTuningRemark, "Training clips may start at the last two frames that fit, which the authors' code leaves out.", "kNN: not published; the temperature is that of the loss."]);

    /// <summary>The protocol of the TCLR paper: RGB, ten clips, and a linear probe with frozen batch normalization that is scored after its last epoch.</summary>
    public static EvaluationProtocol TclrPaper { get; } = Tclr(
        "tclr-paper", "Dave et al. (2022), TCLR, the paper", ClipRecipe.TclrPaper,
        "every 2nd frame, starts evenly spaced from the first to the last that fits",
        retrievalClips: 10, LinearProbeOptions.Tclr with { TrainBatchNorm = false, UnusedOutputs = 0, TestEpochs = [] },
        [TclrTuningRemark, "Linear probe: optimizer, schedule and augmentation are those of the authors' code.", "kNN: not published; the temperature is that of the loss."]);

    /// <summary>The protocol of CVRL: clips of 32 frames, three crops of ten clips.</summary>
    public static EvaluationProtocol Cvrl { get; } = CreateCvrl();

    /// <summary>The protocol of DualVar, with the fine-tuning after pre-training on UCF101.</summary>
    public static EvaluationProtocol DualVar { get; } = CreateDualVar("dualvar", FineTuningOptions.DualVarUcf101);

    /// <summary>The protocol of DualVar, with the fine-tuning after pre-training on Kinetics-400.</summary>
    public static EvaluationProtocol DualVarKinetics { get; } = CreateDualVar("dualvar-kinetics", FineTuningOptions.DualVarKinetics);

    /// <summary>The fine-tuning of TCLR's weights in SEVERE (Thoker et al., 2022); otherwise <see cref="TclrCode"/>.</summary>
    public static EvaluationProtocol Severe { get; } = CreateSevere();

    /// <summary>The preprocessing of the synthetic videos of <c>tclr demo</c>, with the settings of TCLR.</summary>
    public static EvaluationProtocol Demo { get; } = Of("demo", ClipRecipe.Demo);

    /// <summary>The protocols by name, for command lines.</summary>
    public static IReadOnlyDictionary<string, EvaluationProtocol> All { get; } =
        new[] { TclrCode, TclrPaper, Cvrl, DualVar, DualVarKinetics, Severe, Demo }.ToDictionary(protocol => protocol.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The preprocessing of a recipe with the settings of TCLR.</summary>
    internal static EvaluationProtocol Of(string name, ClipRecipe clips)
    {
        var test = Test(clips);
        var training = test with { IsTraining = true };
        return new EvaluationProtocol
        {
            Name = name,
            Source = $"the clips of '{name}', otherwise TCLR",
            Clips = clips,
            Retrieval = new(test, FeaturePooling.Timesteps, new RetrievalOptions()),
            LinearProbe = new(training, test, LinearProbeOptions.Tclr with { TrainBatchNorm = false, UnusedOutputs = 0, TestEpochs = [] }),
            FineTuning = new(training, test, FineTuningOptions.Tclr),
        };
    }

    private static EvaluationProtocol Tclr(
        string name, string source, ClipRecipe clips, string testStarts, int retrievalClips, LinearProbeOptions linear, IReadOnlyList<string> remarks)
    {
        var test = Test(clips) with { SamplingText = testStarts, PreprocessingText = TclrTestText };
        var training = test with { IsTraining = true, SamplingText = AnyStart, PreprocessingText = TclrTrainingText };
        return new EvaluationProtocol
        {
            Name = name,
            Source = source,
            Remarks = remarks,
            Clips = clips,
            Retrieval = new(test with { Clips = retrievalClips }, FeaturePooling.Timesteps, RetrievalOptions.Tclr),
            LinearProbe = new(training, test, linear),
            FineTuning = new(training, test, FineTuningOptions.Tclr),
        };
    }

    private static EvaluationProtocol CreateCvrl()
    {
        var test = Test(ClipRecipe.Cvrl) with
        {
            Length = 32,
            Size = 256,
            Crops = 3,
            SamplingText = "every 2nd frame, start i of n is floor(i (F - 2T) / (n - 1)), indices modulo F",
            PreprocessingText = "shorter side resized to the size, bilinear without antialiasing, truncated to 8 bits; crops at 0, the middle and the end of the longer side; " + FrameRange,
        };
        var training = test with
        {
            Size = 224,
            Crops = 1,
            IsTraining = true,
            SamplingText = "every 2nd frame, start uniform in [0, F - 2 (T - 1)), indices modulo F",
            PreprocessingText = "random crop of 0.3 to 1 of the area with aspect 0.5 to 2, bilinear resize without antialiasing, flip 0.5; " + FrameRange,
        };
        return new EvaluationProtocol
        {
            Name = "cvrl",
            Source = "Qian et al. (2021), CVRL, official configuration",
            Remarks =
            [
                "Linear probe: the learning rate of 32 is for batches of 1024; scale it with the batch.",
                "Retrieval, fine-tuning, few labels and kNN: settings are not published; those of TCLR are used, on the clips of the linear probe.",
            ],
            Clips = ClipRecipe.Cvrl with { Length = 32 },
            Retrieval = new(test, FeaturePooling.Mean, RetrievalOptions.Tclr),
            LinearProbe = new(training, test, LinearProbeOptions.Cvrl),
            FineTuning = new(training, test, FineTuningOptions.Tclr),
        };
    }

    private static EvaluationProtocol CreateDualVar(string name, FineTuningOptions tuning)
    {
        const string centers = "centers evenly spaced from 8 strides after the start to 8 strides before the end; the last frame repeated";
        var test = Test(ClipRecipe.DualVar) with { SamplingText = "every 2nd frame, " + centers, PreprocessingText = $"{DualVarScaled}, center crop, {ImageNet}" };
        var training = test with
        {
            IsTraining = true,
            SamplingText = "every 2nd frame, start uniform in [0, F - 2T); in a shorter video the first or last frame repeated",
            PreprocessingText = $"{DualVarScaled}, random crop, flip 0.5, color jitter 0.8, 0.8, 0.8, hue 0.2 with probability 0.8, {ImageNet}",
        };
        return new EvaluationProtocol
        {
            Name = name,
            Source = "Zhang et al. (2021), DualVar, the authors' code and scripts",
            Remarks =
            [
                "Linear probe: not published; the settings of the fine-tuning after UCF101 are used.",
                "Few labels: not published; TCLR's subsets are used. kNN: not published; the temperature is that of the loss.",
            ],
            Clips = ClipRecipe.DualVar,
            Retrieval = new(
                test with { Sampler = SamplerRecipe.DualVarTest(stride: 4), SamplingText = "every 4th frame, " + centers }, FeaturePooling.Mean, RetrievalOptions.DualVar),
            LinearProbe = new(training, test, LinearProbeOptions.DualVar),
            FineTuning = new(training, test, tuning),
            Knn = new() { Temperature = 0.07 },
        };
    }

    private static EvaluationProtocol CreateSevere()
    {
        var test = TclrCode.FineTuning.Test with
        {
            Length = 32,
            Sampler = new SevereSampler(),
            Augmentation = new SevereAugmentation(),
            SamplingText = "16 frames per second, starts evenly spaced from the first to the last that fits",
            PreprocessingText = "center square, antialiased bilinear resize, " + FrameRange,
        };
        var training = test with
        {
            IsTraining = true,
            SamplingText = "16 frames per second, start uniform over all that fit",
            PreprocessingText = "random crop of 0.08 to 1 of the area with aspect 3/4 to 4/3, flip 0.5, color jitter 0.4, 0.4, 0.4, hue 0.2; " + FrameRange,
        };
        return TclrCode with
        {
            Name = "severe",
            Source = "Thoker et al. (2022), SEVERE, configuration of TCLR for UCF101",
            Remarks = ["Fine-tuning: an epoch of SEVERE has ten clips of each video, so its 16 epochs are 160 here. Retrieval, linear probe and kNN are those of tclr-code."],
            FineTuning = new(training, test, FineTuningOptions.Severe),
        };
    }

    private static ProtocolClips Test(ClipRecipe clips)
        => new() { Length = clips.Length, Size = clips.Size, Sampler = clips.Sampler, Augmentation = clips.Augmentation };

    // A clip of 32 frames at 16 frames per second lasts 31/16 seconds.
    private sealed record SevereSampler : SamplerRecipe
    {
        private const double FramesPerSecond = 16;

        public override IClipSampler Create(int length) => CreateFineTuning(length);

        public override IClipSampler CreateTest(int clips, int length) => ClipSamplers.Uniform(clips, length, Stride(length));

        public override IClipSampler CreateFineTuning(int length) => ClipSamplers.Random(clips: 1, length, Stride(length));

        private static ClipStride Stride(int length) => length == 1 ? 1 : ClipStride.Seconds((length - 1) / FramesPerSecond);
    }

    private sealed record SevereAugmentation : AugmentationRecipe
    {
        public override IClipAugmentation Create(int size)
            => Augmentations.Start().RandomResizedCrop(0.08, 1).Resize(size).Channels(ChannelOrder.Bgr).HorizontalFlip().ColorJitter(0.4, 0.4, 0.4, 0.2);

        public override IClipAugmentation CreateTest(int size) => Augmentations.Start().CenterSquareCrop().Resize(size).Channels(ChannelOrder.Bgr);
    }
}
