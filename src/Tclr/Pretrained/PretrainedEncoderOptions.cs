using Tclr.Weights;

namespace Tclr;

/// <summary>Options of <see cref="PretrainedEncoder.Load"/>.</summary>
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

    /// <summary>The encoder's architecture, instead of that of the recipe. Required for weights without a recipe.</summary>
    /// <value>The default value is <see langword="null"/>: that of the recipe.</value>
    public EncoderRecipe? Encoder { get; init; }

    /// <summary>The preprocessing of videos (clip length, size, channel order, normalization), instead of that of the recipe. Required for weights without a recipe.</summary>
    /// <value>The default value is <see langword="null"/>: that of the recipe. <see cref="ClipRecipe"/> has those of TCLR, CVRL and DualVar.</value>
    public ClipRecipe? Clips { get; init; }

    /// <summary>An evaluation protocol whose preprocessing is used instead of <see cref="Clips"/>.</summary>
    /// <value>The default value is <see langword="null"/>: none. <see cref="EvaluationProtocol"/> has those of the papers.</value>
    public EvaluationProtocol? Protocol { get; init; }

    /// <summary>How to load a weight file. Checkpoints ignore it.</summary>
    /// <value>The default value finds dictionary and prefix: <see cref="WeightMapping.Automatic"/>.</value>
    public WeightLoadOptions Weights { get; init; } = new() { Mapping = WeightMapping.Automatic };

    /// <summary>The device to load the encoder to, such as <c>cpu</c> or <c>cuda:0</c>.</summary>
    /// <value>The default value is <c>cpu</c>.</value>
    public string Device { get; init; } = "cpu";
}
