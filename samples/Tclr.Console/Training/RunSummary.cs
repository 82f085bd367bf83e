using Tclr.Core;
using Tclr.Data;

namespace Tclr.Cli;

/// <summary>What became of the videos of a training run.</summary>
internal static class RunSummary
{
    /// <summary>Says how many videos of an epoch were left out, how many others stood in, and how many do not decode.</summary>
    public static string Of(TrainingResult result, ClipLoader loader, int samplesOfStep)
    {
        var loaded = loader.Statistics;
        string last = result.LeftOutPerEpoch == 0
            ? FormattableString.Invariant($"steps of {samplesOfStep} use all {loader.SampleCount} videos of an epoch")
            : FormattableString.Invariant($"the last {result.LeftOutPerEpoch} of the {loader.SampleCount} videos of each epoch fill no step of {samplesOfStep} and were left out");
        string skipped = result.SkippedSteps.Count == 0 ? string.Empty : FormattableString.Invariant($"; steps skipped: {result.SkippedSteps.Count}");
        return FormattableString.Invariant($"Videos: {last}; faulty: {loaded.Faulty}; substitutes used: {loaded.Substitutes}; in quarantine: {loaded.Quarantined}{skipped}.");
    }
}
