using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;

namespace Tclr.Cli;

/// <summary>What a trial gave.</summary>
/// <param name="Measures">Measures by name, in %.</param>
/// <param name="Progress">The steps of this run.</param>
/// <param name="Steps">All steps trained.</param>
/// <param name="Summary">What became of the videos; empty without training.</param>
internal sealed record TrialResult(IReadOnlyDictionary<string, double> Measures, IReadOnlyList<TrainingProgress> Progress, long Steps, string Summary);

/// <summary>Recipes of demo and ablation.</summary>
internal static class RecipeTerms
{
    /// <summary>The recipe with only some terms of the TCLR loss.</summary>
    public static TclrRecipe WithTerms(this TclrRecipe recipe, bool instance, bool localLocal, bool globalLocal)
        => recipe with { Loss = LossRecipe.Tclr(((TclrLossRecipe)recipe.Loss).Options with { Instance = instance, LocalLocal = localLocal, GlobalLocal = globalLocal }) };
}

/// <summary>One encoder of demo and ablation: trained by a recipe, or left at its random weights, and judged.</summary>
internal sealed class Trial(string name, TclrRecipe recipe, VideoSet set, string folder, IVideoReader reader)
{
    public const string Recall = "R@1";

    private const int EvaluationBatch = 32;
    private const int Neighbors = 5;

    /// <summary>What decodes the videos: frames of the embedded set as they are, those of a user near the size of a clip.</summary>
    public static OpenCvVideoReader Reader(TclrRecipe recipe, bool embedded) => new(new VideoReaderOptions { ShortSide = embedded ? null : recipe.Clips.Size * 3 / 2 });

    /// <summary>Whether to train before judging.</summary>
    public bool IsTrained { get; init; } = true;

    /// <summary>Whether to go on from the newest checkpoint in the folder.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether a linear probe judges too; its seed is the recipe's.</summary>
    public bool Probe { get; init; }

    /// <summary>Whether a kNN classifier of 5 neighbors judges too.</summary>
    public bool Knn { get; init; }

    /// <summary>Trains and judges.</summary>
    /// <exception cref="StoppedException">It was stopped; a checkpoint is saved.</exception>
    public async Task<TrialResult> RunAsync(ProgressDisplay display, string howToResume, CancellationToken cancellationToken)
    {
        var training = new EncoderTraining(name, recipe, set.Train, folder, reader) { IsTrained = IsTrained, Resume = Resume };
        using var trained = await training.RunAsync(display, howToResume, cancellationToken);
        var judging = display.Add($"{name}: judging", set.Gallery.Items.Count + set.Queries.Items.Count);
        using var gallery = await FeaturesAsync(trained.Trainer.Encoder, set.Gallery, query: false, judging, 0, cancellationToken);
        using var queries = await FeaturesAsync(trained.Trainer.Encoder, set.Queries, query: true, judging, set.Gallery.Items.Count, cancellationToken);
        return new TrialResult(Judge(gallery, queries, cancellationToken), trained.Progress, trained.Trainer.Step, trained.Summary);
    }

    private Dictionary<string, double> Judge(VideoFeatures gallery, VideoFeatures queries, CancellationToken cancellationToken)
    {
        var measures = new Dictionary<string, double>(StringComparer.Ordinal);
        var byClass = set.Judgments[0];
        if (Probe)
        {
            measures["linear"] = 100 * LinearProbe.Train(gallery.Values, byClass.Gallery, queries.Values, byClass.Queries, LinearProbeOptions.Tclr with { Seed = recipe.Seed }, cancellationToken: cancellationToken).Accuracy;
        }

        if (Knn)
        {
            measures["kNN"] = 100 * KnnClassifier.Evaluate(queries.Values, byClass.Queries, gallery.Values, byClass.Gallery, new KnnOptions { Neighbors = Neighbors }, cancellationToken: cancellationToken).Accuracy;
        }

        int[] ks = [1, Math.Min(5, set.Gallery.Items.Count)];
        foreach (var (i, judgment) in set.Judgments.Index())
        {
            var found = Retrieval.Evaluate(queries.Values, judgment.Queries, gallery.Values, judgment.Gallery, ks);
            measures[i == 0 ? Recall : $"{Recall} {judgment.Name}"] = 100 * found.RecallAt(1);
            if (i == 0)
            {
                measures["R@5"] = 100 * found.RecallAt(ks[1]);
            }
        }

        return measures;
    }

    private async Task<VideoFeatures> FeaturesAsync(IVideoEncoder encoder, VideoIndex index, bool query, ProgressDisplay.Bar bar, int before, CancellationToken cancellationToken)
    {
        var clips = new VideoClips(index, reader, set.Clips(recipe.Clips.Length, query), recipe.Clips.CreateTestAugmentation());
        return await new FeatureExtractor(encoder).ExtractAsync(clips, EvaluationBatch, new Callback<int>(done => bar.Report(before + done)), cancellationToken);
    }
}
