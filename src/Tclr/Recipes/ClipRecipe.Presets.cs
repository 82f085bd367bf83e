namespace Tclr;

/// <content>The preprocessing of published methods.</content>
public sealed partial record ClipRecipe
{
    /// <summary>The TCLR authors' code: BGR, values from 0 to 1, clips of 16 frames at 112x112.</summary>
    public static ClipRecipe TclrReference { get; } = new() { Sampler = SamplerRecipe.TclrReference(), Augmentation = AugmentationRecipe.TclrReference };

    /// <summary>The TCLR paper: as <see cref="TclrReference"/>, in RGB.</summary>
    public static ClipRecipe TclrPaper { get; } = new();

    /// <summary>CVRL: RGB, values from 0 to 1, the center square at 224x224.</summary>
    public static ClipRecipe Cvrl { get; } = new() { Sampler = SamplerRecipe.Cvrl(), Augmentation = AugmentationRecipe.Cvrl, Size = 224 };

    /// <summary>DualVar: RGB, normalized by ImageNet's mean and standard deviation, the center 112x112 of 171x128.</summary>
    public static ClipRecipe DualVar { get; } = new() { Sampler = SamplerRecipe.DualVar(), Augmentation = AugmentationRecipe.DualVar };

    /// <summary>The synthetic videos of <c>tclr demo</c>: values around 0, clips of 8 frames at 32x32.</summary>
    public static ClipRecipe Demo { get; } = TclrRecipes.Tiny().Clips;

    /// <summary>The clip recipes by name, for command lines; <c>tclr</c> is short for <c>tclr-code</c>.</summary>
    public static IReadOnlyDictionary<string, ClipRecipe> All { get; } = new Dictionary<string, ClipRecipe>(StringComparer.OrdinalIgnoreCase)
    {
        ["tclr"] = TclrReference,
        ["tclr-code"] = TclrReference,
        ["tclr-paper"] = TclrPaper,
        ["cvrl"] = Cvrl,
        ["dualvar"] = DualVar,
        ["demo"] = Demo,
    };
}
