using Tclr.Weights;

namespace Tclr;

/// <summary>How <see cref="PretrainedEncoder.Load"/> finds and loads an encoder.</summary>
public sealed record PretrainedEncoderOptions
{
    /// <summary>Whether to load a run's checkpoint with the lowest loss instead of the newest one.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Best { get; init; }

    /// <summary>Whether to load a run's momentum encoder instead of the encoder itself.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool MomentumEncoder { get; init; }

    /// <summary>The recipe that the encoder was trained by.</summary>
    /// <value>The default value is <see langword="null"/>: the recipe in the checkpoint.</value>
    public TclrRecipe? Recipe { get; init; }

    /// <summary>The encoder's architecture, in place of the recipe's; needed for weights without a recipe.</summary>
    /// <value>The default value is <see langword="null"/>: the recipe's.</value>
    public EncoderRecipe? Encoder { get; init; }

    /// <summary>How the encoder expects videos (clip length, size, channel order, normalization), in place of the recipe's; needed for weights without a recipe.</summary>
    /// <value>The default value is <see langword="null"/>: the recipe's. <see cref="ClipRecipe"/> has those of TCLR, CVRL and DualVar.</value>
    public ClipRecipe? Clips { get; init; }

    /// <summary>The evaluation protocol whose preprocessing the encoder gets, in place of <see cref="Clips"/>.</summary>
    /// <value>The default value is <see langword="null"/>: none. <see cref="EvaluationProtocol"/> has those of the papers.</value>
    public EvaluationProtocol? Protocol { get; init; }

    /// <summary>How to load a weight file. Checkpoints ignore it.</summary>
    /// <value>The default value finds dictionary and prefix: <see cref="WeightMapping.Automatic"/>.</value>
    public WeightLoadOptions Weights { get; init; } = new() { Mapping = WeightMapping.Automatic };

    /// <summary>The device to load the encoder to, such as <c>cpu</c> or <c>cuda:0</c>.</summary>
    /// <value>The default value is <c>cpu</c>.</value>
    public string Device { get; init; } = "cpu";
}
