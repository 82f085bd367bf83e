using System.Globalization;
using Tclr.Evaluation;

namespace Tclr.Cli;

/// <summary>Options of <c>tclr evaluate</c> that override single settings of a protocol.</summary>
internal sealed class ProtocolOptions(Arguments a, string verb)
{
    private static readonly Dictionary<string, FeaturePooling> Poolings = new(StringComparer.Ordinal) { ["timesteps"] = FeaturePooling.Timesteps, ["mean"] = FeaturePooling.Mean };

    private readonly string? name = a.Choice(
        "--protocol",
        $"Evaluate as a paper does: {string.Join(", ", EvaluationProtocol.All.Keys)}. It sets clips, preprocessing and all settings; options given beside it override single ones. Default: the clips of the recipe and the settings of TCLR.",
        EvaluationProtocol.All.Keys);

    private readonly int? clips = a.Whole("--clips", "Clips of a test video, overriding the protocol.", 1);
    private readonly int? crops = a.Whole("--crops", "Spatial crops of each test clip, overriding the protocol; several only with the preprocessing of CVRL.", 1);
    private readonly int? length = a.Whole("--length", "Frames of a clip, overriding the protocol.", 1);
    private readonly int? size = a.Whole("--size", "Height and width of a clip in pixels, overriding the protocol.", 1);
    private readonly bool? center = verb is "retrieval" or "knn" ? a.Toggle("--center", "Subtract each set's mean from its features, overriding the protocol; '--center false' does not.") : null;
    private readonly string? pooling = verb is "retrieval" ? a.Choice("--pooling", "Features of a video, overriding the protocol: timesteps keeps the timesteps, mean averages them.", Poolings.Keys) : null;
    private readonly string? ks = verb is "retrieval" ? a.Text("--k", "The k of R@k with commas between, overriding the protocol.") : null;
    private readonly int? neighbors = verb is "knn" ? a.Whole("--neighbors", "Neighbors that vote, overriding the protocol.", 1) : null;
    private readonly double? temperature = verb is "knn" ? a.Positive("--temperature", "Temperature of the votes, overriding the protocol.") : null;
    private readonly int? epochs = IsTrained(verb) ? a.Whole("--epochs", "Epochs at most, overriding the protocol.", 1) : null;
    private readonly int? batch = IsTrained(verb) ? a.Whole("--batch", "Videos in a batch of training, overriding the protocol.", 1) : null;
    private readonly double? rate = IsTrained(verb) ? a.Positive("--lr", "Learning rate, overriding the protocol.") : null;
    private readonly string? batchNorm = verb is "linear" ? a.Choice("--batch-norm", "Batch normalization of the frozen encoder in training, overriding the protocol: frozen, or drifting as in TCLR's code.", ["frozen", "drifting"]) : null;
    private readonly int? subsets = verb is "lowshot" ? a.Whole("--draws", "Random subsets of each share of the labels, overriding the protocol.", 1) : null;

    /// <summary>The protocol that is named; <see langword="null"/> if none is.</summary>
    public EvaluationProtocol? Protocol => name is null ? null : EvaluationProtocol.All[name];

    /// <summary>The evaluation whose settings apply.</summary>
    public EvaluationKind Kind { get; } = verb switch
    {
        "linear" => EvaluationKind.LinearProbe,
        "finetune" => EvaluationKind.FineTuning,
        "lowshot" => EvaluationKind.LowShot,
        "knn" => EvaluationKind.Knn,
        _ => EvaluationKind.Retrieval,
    };

    /// <summary>Overrides settings of a protocol by what the command line gives and the number of training videos requires.</summary>
    public EvaluationProtocol Override(EvaluationProtocol protocol, int trainingVideos, ulong seed)
    {
        int[] neighborCounts = [.. (ks is null ? protocol.Retrieval.Options.Neighbors : Ks()).Where(k => k <= trainingVideos)];
        return protocol with
        {
            Retrieval = new(
                Clips(protocol.Retrieval.Clips),
                pooling is null ? protocol.Retrieval.Pooling : Poolings[pooling],
                protocol.Retrieval.Options with
                {
                    Centered = center ?? protocol.Retrieval.Options.Centered,
                    Neighbors = neighborCounts.Length > 0 ? neighborCounts : throw new UsageException(FormattableString.Invariant($"--k: expected one number of 1 to {trainingVideos} or more, the number of training videos, got {ks}")),
                }),
            Knn = protocol.Knn with
            {
                Centered = center ?? protocol.Knn.Centered,
                Neighbors = Math.Min(neighbors ?? protocol.Knn.Neighbors, trainingVideos),
                Temperature = temperature ?? protocol.Knn.Temperature,
            },
            LinearProbe = new(Clips(protocol.LinearProbe.Training), Clips(protocol.LinearProbe.Test), protocol.LinearProbe.Options with
            {
                Seed = seed,
                Epochs = epochs ?? protocol.LinearProbe.Options.Epochs,
                BatchSize = Math.Min(batch ?? protocol.LinearProbe.Options.BatchSize, trainingVideos),
                Optimizer = Optimizer(protocol.LinearProbe.Options),
                TrainBatchNorm = batchNorm is null ? protocol.LinearProbe.Options.TrainBatchNorm : batchNorm is "drifting",
            }),
            FineTuning = new(Clips(protocol.FineTuning.Training), Clips(protocol.FineTuning.Test), protocol.FineTuning.Options with
            {
                Seed = seed,
                Epochs = epochs ?? protocol.FineTuning.Options.Epochs,
                BatchSize = Math.Min(batch ?? protocol.FineTuning.Options.BatchSize, trainingVideos),
                Optimizer = Optimizer(protocol.FineTuning.Options),
            }),
            LowShot = protocol.LowShot with { Seed = seed, Subsets = subsets ?? protocol.LowShot.Subsets },
        };
    }

    private static bool IsTrained(string verb) => verb is "linear" or "finetune" or "lowshot";

    private Core.OptimizerOptions Optimizer(ClassifierOptions options) => rate is { } given ? options.Optimizer with { LearningRate = given } : options.Optimizer;

    private ProtocolClips Clips(ProtocolClips of) => of with
    {
        Clips = clips ?? of.Clips,
        Crops = of.IsTraining ? of.Crops : crops ?? of.Crops,
        Length = length ?? of.Length,
        Size = size ?? of.Size,
    };

    private int[] Ks() =>
    [
        .. ks!.Split(',', StringSplitOptions.TrimEntries)
            .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int k) && k > 0 ? k : throw new UsageException($"--k: expected numbers above 0 with commas between, got '{ks}'"))
            .Distinct().Order(),
    ];
}
