using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Checks features and labels; the messages name the caller.</summary>
internal static class InputCheck
{
    /// <summary>Requires finite floating-point values of a shape.</summary>
    public static void Finite(Tensor values, string shape, string caller, string name)
    {
        TensorCheck.Shape(values, shape, caller, name);
        using var scope = NewDisposeScope();
        if (!values.isfinite().all().ToBoolean())
        {
            throw new ArgumentException($"{caller}: expected finite {name}, got NaN or infinite numbers: the encoder has diverged or its weights are damaged", name);
        }
    }

    /// <summary>Requires a label for each feature.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="count">The number of features.</param>
    /// <param name="caller">Name of the caller.</param>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="classes">The number of classes, if it is known; labels are below it.</param>
    public static void Labels(IReadOnlyList<int>? labels, long count, string caller, string name, int? classes = null)
    {
        ArgumentNullException.ThrowIfNull(labels, name);
        if (labels.Count != count)
        {
            throw new ArgumentException(FormattableString.Invariant($"{caller}: expected {count} {name}, got {labels.Count}"), name);
        }

        foreach (int label in classes is null ? [] : labels.Where(label => label < 0 || label >= classes))
        {
            string range = classes == int.MaxValue ? "0" : FormattableString.Invariant($"0 to {classes - 1}");
            throw new ArgumentException(FormattableString.Invariant($"{caller}: expected {name} from {range}, a class each, got {label}"), name);
        }
    }

    /// <summary>Requires features and labels that suit a probe.</summary>
    /// <returns>Number of classes.</returns>
    public static int Probe(Tensor training, IReadOnlyList<int> trainingLabels, Tensor test, IReadOnlyList<int> testLabels)
    {
        Finite(training, "[N,D]", nameof(LinearProbe), nameof(training));
        Finite(test, test?.dim() == 3 ? "[M,K,D]" : "[M,D]", nameof(LinearProbe), nameof(test));
        Labels(trainingLabels, training.shape[0], nameof(LinearProbe), nameof(trainingLabels));
        Labels(testLabels, test!.shape[0], nameof(LinearProbe), nameof(testLabels));
        if (training.shape[1] != test.shape[^1])
        {
            throw new ArgumentException(FormattableString.Invariant($"LinearProbe: expected training and test features of one length, got {training.shape[1]} and {test.shape[^1]}"), nameof(test));
        }

        int smallest = Math.Min(trainingLabels.Min(), testLabels.Min()), classes = Math.Max(trainingLabels.Max(), testLabels.Max()) + 1;
        if (smallest < 0 || classes < 2)
        {
            throw new ArgumentException(FormattableString.Invariant($"LinearProbe: expected labels from 0 of two classes or more, got {smallest} to {classes - 1}"), nameof(trainingLabels));
        }

        int[] missing = [.. Enumerable.Range(0, classes).Except(trainingLabels)];
        return missing.Length == 0
            ? classes
            : throw new ArgumentException(
                FormattableString.Invariant(
                    $"LinearProbe: expected training videos of each class from 0 to {classes - 1}, got none of {missing.Length} ({string.Join(", ", missing.Take(10))}), which have {testLabels.Count(missing.Contains)} test videos: number the classes without gaps, and leave out those without training videos"),
                nameof(trainingLabels));
    }
}
