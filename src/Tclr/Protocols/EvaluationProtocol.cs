using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;
using static TorchSharp.torch;

namespace Tclr;

/// <summary>The settings of an evaluation: clips and preprocessing, retrieval, linear probe, fine-tuning, few labels and kNN.</summary>
/// <remarks>
/// The presets are the protocols of TCLR, CVRL, DualVar and SEVERE; change them with <c>with</c>. Every number is that of the source, except
/// where <see cref="Remarks"/> says otherwise.
/// </remarks>
/// <example><code>
/// var protocol = EvaluationProtocol.TclrCode;
/// using var pretrained = PretrainedEncoder.Load("model_best.pth", new() { Encoder = EncoderRecipe.Of("r3d18"), Protocol = protocol });
/// protocol.Check(pretrained.Encoder, EvaluationKind.LinearProbe);
/// var videos = protocol.LinearProbe.CreateVideos(trainIndex, testIndex);
/// var result = await LinearProbe.TrainAsync(pretrained.Encoder, videos, protocol.LinearProbe.Options);
/// </code></example>
public sealed partial record EvaluationProtocol
{
    /// <summary>The protocol's name.</summary>
    public required string Name { get; init; }

    /// <summary>The paper or code that it follows.</summary>
    public required string Source { get; init; }

    /// <summary>Settings that the source does not state, and what is used instead.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Length, size, channel order and normalization that the encoder expects.</summary>
    public required ClipRecipe Clips { get; init; }

    /// <summary>Nearest-neighbor retrieval.</summary>
    public required RetrievalProtocol Retrieval { get; init; }

    /// <summary>The linear probe.</summary>
    public required ClassifierProtocol<LinearProbeOptions> LinearProbe { get; init; }

    /// <summary>Fine-tuning, also with few labels.</summary>
    public required ClassifierProtocol<FineTuningOptions> FineTuning { get; init; }

    /// <summary>The subsets for few labels, with the training settings of <see cref="FineTuning"/>.</summary>
    /// <value>The default value is TCLR's: 1, 10, 20 and 50 %, three subsets each.</value>
    public LowShotOptions LowShot { get; init; } = new();

    /// <summary>The kNN classifier, on the clips of <see cref="Retrieval"/> with features averaged over time.</summary>
    /// <value>The default value is 200 neighbors and temperature 0.1.</value>
    public KnnOptions Knn { get; init; } = new();

    /// <summary>Creates a protocol from the preprocessing of a recipe, with ten clips and the settings of TCLR.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <returns>The protocol.</returns>
    public static EvaluationProtocol Of(TclrRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return Of(recipe.Name, recipe.Clips);
    }

    /// <summary>Lists all settings of an evaluation, for a report.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <returns>Name and value of each setting.</returns>
    public IReadOnlyList<KeyValuePair<string, string>> Describe(EvaluationKind evaluation) => ProtocolDescription.Of(this, evaluation);

    /// <summary>Lists the settings of an evaluation in which this protocol differs from another one.</summary>
    /// <param name="original">The other protocol.</param>
    /// <param name="evaluation">The evaluation.</param>
    /// <returns>A phrase for each difference, such as <c>epochs: 10 in place of 100</c>.</returns>
    public IReadOnlyList<string> DeparturesFrom(EvaluationProtocol original, EvaluationKind evaluation)
    {
        ArgumentNullException.ThrowIfNull(original);
        var before = original.Describe(evaluation).ToDictionary(StringComparer.Ordinal);
        return
        [
            .. Describe(evaluation)
                .Where(setting => !string.Equals(before.GetValueOrDefault(setting.Key), setting.Value, StringComparison.Ordinal))
                .Select(setting => $"{setting.Key}: {setting.Value} in place of {before.GetValueOrDefault(setting.Key, "none")}"),
        ];
    }

    /// <summary>The clips of an evaluation.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <returns>The training clips, if any, and the test clips.</returns>
    public IReadOnlyList<ProtocolClips> ClipsOf(EvaluationKind evaluation) => evaluation switch
    {
        EvaluationKind.LinearProbe => [LinearProbe.Training, LinearProbe.Test],
        EvaluationKind.FineTuning or EvaluationKind.LowShot => [FineTuning.Training, FineTuning.Test],
        _ => [Retrieval.Clips],
    };

    /// <summary>Checks that an encoder accepts the clips of an evaluation.</summary>
    /// <remarks>It encodes a clip of zeros of each size.</remarks>
    /// <param name="encoder">The encoder.</param>
    /// <param name="evaluation">The evaluation.</param>
    /// <exception cref="ArgumentException">The encoder does not accept clips of that length or size, or both clips and encoder reverse the channels.</exception>
    public void Check(IVideoEncoder encoder, EvaluationKind evaluation)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        foreach (var clips in ClipsOf(evaluation).DistinctBy(clips => (clips.Length, clips.Size)))
        {
            var augmentation = clips.CreateAugmentation();
            if (augmentation.ChannelOrder == ChannelOrder.Bgr && encoder.ChannelOrder == ChannelOrder.Bgr)
            {
                throw new ArgumentException($"The protocol '{Name}' has BGR clips, and the encoder {encoder.Network.GetName()} reverses its clips too (ChannelOrder = Bgr): its weights would see RGB. Choose a protocol in RGB, or an encoder that does not reverse them.", nameof(encoder));
            }

            try
            {
                using var noGrad = no_grad();
                using var scope = NewDisposeScope();
                encoder.Encode(zeros([1, 3, clips.Length, augmentation.Height, augmentation.Width], device: encoder.Network.parameters().FirstOrDefault()?.device));
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.Runtime.InteropServices.ExternalException)
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"The protocol '{Name}' has clips of {clips.Length} frames at {augmentation.Width}x{augmentation.Height} pixels, which the encoder {encoder.Network.GetName()} does not accept ({FirstLine(e)}). Choose another protocol, or another length or size."), nameof(encoder), e);
            }
        }
    }

    private static string FirstLine(Exception error) => error.Message.Split('\n', 2)[0].Trim().TrimEnd('.');
}

/// <summary>The evaluations of an <see cref="EvaluationProtocol"/>.</summary>
public enum EvaluationKind
{
    /// <summary>Nearest-neighbor retrieval.</summary>
    Retrieval,

    /// <summary>Linear probe on the frozen encoder.</summary>
    LinearProbe,

    /// <summary>Fine-tuning of the encoder.</summary>
    FineTuning,

    /// <summary>Fine-tuning with few labels.</summary>
    LowShot,

    /// <summary>kNN classifier.</summary>
    Knn,
}

/// <summary>The retrieval of an <see cref="EvaluationProtocol"/>.</summary>
/// <param name="Clips">The clips of gallery and queries.</param>
/// <param name="Pooling">How the features of a video are averaged.</param>
/// <param name="Options">The <c>k</c> of R@k, and whether features are centered.</param>
public sealed record RetrievalProtocol(ProtocolClips Clips, FeaturePooling Pooling, RetrievalOptions Options);

/// <summary>A classifier of an <see cref="EvaluationProtocol"/>.</summary>
/// <typeparam name="TOptions">The settings: <see cref="LinearProbeOptions"/> or <see cref="FineTuningOptions"/>.</typeparam>
/// <param name="Training">The clips to train on.</param>
/// <param name="Test">The clips of the test videos, whose probabilities are averaged.</param>
/// <param name="Options">The settings of training.</param>
public sealed record ClassifierProtocol<TOptions>(ProtocolClips Training, ProtocolClips Test, TOptions Options)
    where TOptions : ClassifierOptions
{
    /// <summary>Combines training and test videos.</summary>
    /// <param name="training">The training videos.</param>
    /// <param name="test">The test videos.</param>
    /// <param name="reader">The reader; <see langword="null"/> for an <see cref="OpenCvVideoReader"/>.</param>
    /// <param name="loading">Settings of the loader; <see langword="null"/> for the defaults.</param>
    /// <returns>The videos, for <see cref="Evaluation.LinearProbe"/> or <see cref="Evaluation.FineTuning"/>.</returns>
    /// <exception cref="ArgumentException">There are fewer than two classes, or a class is in only one set.</exception>
    /// <exception cref="VideoDataException">Videos are shorter than a clip.</exception>
    public ClassifiedVideos CreateVideos(VideoIndex training, VideoIndex test, IVideoReader? reader = null, ClipLoaderOptions? loading = null)
        => ClassifiedVideos.Of(
            training, Training.CreateSampler(), Training.CreateAugmentation(), test, Test.CreateSampler(), Test.CreateAugmentation(), reader ?? new OpenCvVideoReader(), loading);
}
