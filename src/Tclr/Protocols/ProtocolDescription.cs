using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tclr.Core;
using Tclr.Evaluation;

namespace Tclr;

/// <summary>The settings of a protocol in words.</summary>
internal static class ProtocolDescription
{
    public static IReadOnlyList<KeyValuePair<string, string>> Of(EvaluationProtocol protocol, EvaluationKind evaluation)
    {
        var settings = new Settings();
        switch (evaluation)
        {
            case EvaluationKind.Retrieval:
                settings.Add(protocol.Retrieval.Clips, "test");
                settings.Add("features", Text(protocol.Retrieval.Pooling));
                settings.Add("centering", protocol.Retrieval.Options.Centered ? "each set by its own mean, before scaling to unit length" : "none");
                settings.Add("k of R@k", List(protocol.Retrieval.Options.Neighbors));
                break;
            case EvaluationKind.Knn:
                settings.Add(protocol.Retrieval.Clips, "test");
                settings.Add("features", Text(FeaturePooling.Mean));
                settings.Add("centering", protocol.Knn.Centered ? "each set by its own mean, before scaling to unit length" : "none");
                settings.Add("neighbors", Number(protocol.Knn.Neighbors));
                settings.Add("temperature", Number(protocol.Knn.Temperature));
                break;
            case EvaluationKind.LinearProbe:
                settings.Add(protocol.LinearProbe.Training, "training");
                settings.Add(protocol.LinearProbe.Test, "test");
                settings.Add(protocol.LinearProbe.Options);
                settings.Add("encoder", "frozen");
                settings.Add("batch normalization", protocol.LinearProbe.Options.TrainBatchNorm
                    ? "batch statistics in training, which update the running statistics of the test (drifting)"
                    : "running statistics of pre-training (frozen)");
                break;
            default:
                settings.Add(protocol.FineTuning.Training, "training");
                settings.Add(protocol.FineTuning.Test, "test");
                settings.Add(protocol.FineTuning.Options);
                settings.Add("encoder", "trained");
                settings.Add("batch normalization", "batch statistics in training, which update the running statistics of the test");
                if (evaluation == EvaluationKind.LowShot)
                {
                    settings.Add("shares of the labels", string.Join(", ", protocol.LowShot.Shares.Select(share => Number(100 * share) + " %")));
                    settings.Add("subsets of each share", Number(protocol.LowShot.Subsets));
                }

                break;
        }

        return settings.All;
    }

    private static string Text(FeaturePooling pooling) => pooling switch
    {
        FeaturePooling.Timesteps => "mean over clips and space, timesteps kept",
        FeaturePooling.Clips => "mean over space and time of each clip",
        _ => "mean over clips, space and time",
    };

    private static string Number(double value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    // Consecutive numbers as a range: 6, 11 to 49.
    private static string List(IReadOnlyList<int> numbers)
    {
        var parts = new List<string>();
        for (int i = 0; i < numbers.Count;)
        {
            int end = i;
            while (end + 1 < numbers.Count && numbers[end + 1] == numbers[end] + 1)
            {
                end++;
            }

            parts.Add(end > i + 1 ? FormattableString.Invariant($"{numbers[i]} to {numbers[end]}") : string.Join(", ", numbers.Skip(i).Take(end - i + 1).Select(number => number.ToString(CultureInfo.InvariantCulture))));
            i = end + 1;
        }

        return string.Join(", ", parts);
    }

    // Kind and parameters of an optimizer or a schedule; for an unknown one, its text.
    private static string Text<T>(T part)
    {
        try
        {
            var values = JsonSerializer.SerializeToNode(part, TclrJson.Compact)!.AsObject();
            string kind = values["kind"]?.GetValue<string>() ?? part!.GetType().Name;
            return string.Join(", ", [kind.Replace('_', ' '), .. values.Where(value => value.Key is not "kind").Select(value => $"{value.Key.Replace('_', ' ')} {Text(value.Value)}")]);
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or InvalidOperationException)
        {
            return FormattableString.Invariant($"{part}");
        }
    }

    private static string Text(JsonNode? value) => value switch
    {
        JsonArray { Count: 0 } => "none",
        JsonArray list => string.Join(" / ", list.Select(Text)),
        JsonValue single when single.GetValueKind() == JsonValueKind.True => "yes",
        JsonValue single when single.GetValueKind() == JsonValueKind.False => "no",
        _ => value?.ToString() ?? "none",
    };

    private sealed class Settings
    {
        private readonly List<KeyValuePair<string, string>> all = [];

        public IReadOnlyList<KeyValuePair<string, string>> All => all;

        public void Add(string name, string value) => all.Add(new(name, value));

        public void Add(ProtocolClips clips, string part)
        {
            if (!clips.IsTraining)
            {
                Add("clips of a test video", Number(clips.Clips));
                Add("crops of a clip", Number(clips.Crops));
            }

            Add($"{part} clips", FormattableString.Invariant($"{clips.Length} frames, {clips.Size}x{clips.Size} pixels"));
            Add($"{part} sampling", clips.SamplingText ?? RecipeRegistry.Default.NameOf(clips.Sampler));
            Add($"{part} preprocessing", clips.PreprocessingText ?? RecipeRegistry.Default.NameOf(clips.Augmentation));
            Add($"{part} channel order", clips.CreateAugmentation().ChannelOrder == ChannelOrder.Bgr ? "BGR" : "RGB");
        }

        public void Add(ClassifierOptions options)
        {
            Add("optimizer", Text(options.Optimizer));
            Add("schedule", Text(options.Schedule));
            Add("epochs", FormattableString.Invariant($"{options.Epochs} at most"));
            Add("batch", Number(options.BatchSize));
            Add("last batch", options.DropLastBatch ? "dropped" : "kept");
            Add("features of unit length", options.Normalize ? "yes" : "no");
            Add("classifier", $"linear, {options.Initialization}");
            Add("outputs without a class", Number(options.UnusedOutputs));
            Add("tested after epochs", options.TestEpochs.Count == 0 ? "the last" : $"{List(options.TestEpochs)} (from 0) and the last");
            Add("score", options.TestEpochs.Count == 0 ? "last epoch" : "best tested epoch, selected on the test set; the last epoch is reported too");
        }
    }
}
