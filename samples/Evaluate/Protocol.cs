namespace Tclr.Samples.Evaluate;

/// <summary>How weights without a recipe are shown videos. Weights do not say it, and another way gives worse numbers without a word.</summary>
internal enum Protocol
{
    /// <summary>The authors' code of TCLR: BGR, values from 0 to 1, clips of 16 frames of 112x112.</summary>
    TclrCode,

    /// <summary>The paper of TCLR: the same in RGB.</summary>
    TclrPaper,

    /// <summary>CVRL: RGB, values from 0 to 1, the middle square at 224x224.</summary>
    Cvrl,

    /// <summary>DualVar: RGB with ImageNet's mean and deviation, the middle 112x112 of 171x128.</summary>
    DualVar,

    /// <summary>The quickstart's embedded set: values around 0, clips of 8 frames of 32x32.</summary>
    Demo,
}

/// <summary>The protocols by name.</summary>
internal static class Protocols
{
    /// <summary>What the command line takes; <c>tclr</c> is short for <c>tclr-code</c>.</summary>
    public static IReadOnlyDictionary<string, Protocol> All { get; } = new Dictionary<string, Protocol>(StringComparer.OrdinalIgnoreCase)
    {
        ["tclr"] = Protocol.TclrCode,
        ["tclr-code"] = Protocol.TclrCode,
        ["tclr-paper"] = Protocol.TclrPaper,
        ["cvrl"] = Protocol.Cvrl,
        ["dualvar"] = Protocol.DualVar,
        ["demo"] = Protocol.Demo,
    };

    public static string Names => string.Join(", ", All.Keys);

    /// <summary>The recipe of an encoder whose training is not known, for evaluation alone.</summary>
    public static TclrRecipe Recipe(this Protocol protocol, string encoder) => new()
    {
        Name = "protocol " + All.Last(entry => entry.Value == protocol).Key,
        Source = "--protocol",
        Encoder = EncoderRecipe.Of(encoder),
        Clips = protocol switch
        {
            Protocol.TclrCode => new ClipRecipe { Sampler = SamplerRecipe.TclrReference(), Augmentation = AugmentationRecipe.TclrReference },
            Protocol.Cvrl => new ClipRecipe { Sampler = SamplerRecipe.Cvrl(), Augmentation = AugmentationRecipe.Cvrl, Size = 224 },
            Protocol.DualVar => new ClipRecipe { Sampler = SamplerRecipe.DualVar(), Augmentation = AugmentationRecipe.DualVar },
            Protocol.Demo => TclrRecipes.Tiny().Clips,
            _ => new ClipRecipe(),
        },
    };
}
