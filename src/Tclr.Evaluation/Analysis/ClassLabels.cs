using System.Diagnostics.CodeAnalysis;

namespace Tclr.Evaluation;

/// <summary>Checks of class labels; the error names who wants them.</summary>
internal static class ClassLabels
{
    public static void Check(string caller, int count, int classes, [NotNull] IReadOnlyList<int>? labels, string parameter)
    {
        ArgumentNullException.ThrowIfNull(labels, parameter);
        if (labels.Count != count)
        {
            throw new ArgumentException(FormattableString.Invariant($"{caller}: expected {count} {parameter}, got {labels.Count}"), parameter);
        }

        foreach (int label in labels)
        {
            if (label < 0 || label >= classes)
            {
                throw new ArgumentException(FormattableString.Invariant($"{caller}: expected {parameter} from 0 to {classes - 1}, a class each, got {label}"), parameter);
            }
        }
    }
}
