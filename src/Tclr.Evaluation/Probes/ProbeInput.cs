using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Checks of features and labels before anything is trained.</summary>
internal static class ProbeInput
{
    /// <summary>Checks features and labels of both sets.</summary>
    /// <returns>Number of classes.</returns>
    public static int Check(Tensor training, IReadOnlyList<int> trainingLabels, Tensor test, IReadOnlyList<int> testLabels)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(trainingLabels);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(testLabels);
        Features(training, trainingLabels, "[N,D]", clips: false, nameof(training));
        Features(test, testLabels, "[N,D] or [N,K,D]", clips: true, nameof(test));
        if (training.shape[1] != test.shape[^1])
        {
            throw new ArgumentException(FormattableString.Invariant($"LinearProbe: expected training and test features of one length, got {training.shape[1]} and {test.shape[^1]}"), nameof(test));
        }

        return Classes(trainingLabels, testLabels);
    }

    /// <summary>Checks labels: each class from 0 to the largest has something to learn from.</summary>
    /// <returns>Number of classes.</returns>
    private static int Classes(IReadOnlyList<int> training, IReadOnlyList<int> test)
    {
        int smallest = Math.Min(training.Min(), test.Min()), classes = Math.Max(training.Max(), test.Max()) + 1;
        if (smallest < 0 || classes < 2)
        {
            throw new ArgumentException(FormattableString.Invariant($"LinearProbe: expected labels from 0 on of two classes or more, got {smallest} to {classes - 1}"), nameof(training));
        }

        var known = training.ToHashSet();
        int[] missing = [.. Enumerable.Range(0, classes).Where(label => !known.Contains(label))];
        if (missing.Length > 0)
        {
            int tested = test.Count(missing.Contains);
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"LinearProbe: expected training videos of each class from 0 to {classes - 1}, got none of {missing.Length} ({string.Join(", ", missing.Take(10))}), of which there are {tested} test videos: number the classes without gaps, and leave out what cannot be learned"),
                nameof(training));
        }

        return classes;
    }

    private static void Features(Tensor features, IReadOnlyList<int> labels, string expected, bool clips, string name)
    {
        string shape = $"[{string.Join(',', features.shape)}]";
        if (!(features.dim() == 2 || (clips && features.dim() == 3)) || features.numel() == 0)
        {
            throw new ArgumentException($"LinearProbe: expected {name} features {expected} without empty dimensions, got {shape}", name);
        }

        if (features.dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"LinearProbe: expected {name} features of a floating-point type, got {features.dtype}", name);
        }

        if (labels.Count != features.shape[0])
        {
            throw new ArgumentException(FormattableString.Invariant($"LinearProbe: expected {features.shape[0]} labels for the {name} features {shape}, got {labels.Count}"), name + "Labels");
        }

        using var scope = NewDisposeScope();
        if (!features.isfinite().all().ToBoolean())
        {
            throw new ArgumentException($"LinearProbe: expected finite {name} features, got NaN or infinite numbers: the encoder has diverged or its weights are damaged", name);
        }
    }
}
