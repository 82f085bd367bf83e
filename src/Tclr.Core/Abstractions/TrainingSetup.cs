namespace Tclr.Core;

/// <summary>The parts of a run that a loss may depend on; see <see cref="ITemporalContrastiveLoss.FindMistakes"/>.</summary>
/// <param name="BatchSize">Number of videos in a batch.</param>
/// <param name="Layout">How the views of a video are arranged.</param>
/// <param name="Passes">The forward passes.</param>
/// <param name="Heads">Names of the projection heads; the first is <see cref="PassPlan.MainHead"/>.</param>
public sealed record TrainingSetup(int BatchSize, ViewLayout Layout, PassPlan Passes, IReadOnlyList<string> Heads)
{
    /// <summary>Whether a pass goes through the momentum encoder.</summary>
    public bool HasKeys => Passes.Passes.Any(pass => pass.Momentum);

    /// <summary>Number of views that a head projects in the passes of the trained encoder.</summary>
    /// <param name="head">Name of the head.</param>
    /// <returns>The number; 0 if there is no such head.</returns>
    public int ViewsOf(string head)
        => Heads.Contains(head, StringComparer.Ordinal) ? Passes.Passes.Where(pass => !pass.Momentum && pass.Sees(head)).Sum(pass => pass.Views.Count) : 0;
}
