using System.Globalization;
using Tclr.Losses;

namespace Tclr.Cli;

/// <summary>Options of <c>tclr ablate</c>.</summary>
internal sealed class AblationOptions(Arguments a)
{
    /// <summary>Number of folds unless another one is given.</summary>
    public const int UsualFolds = 4;

    // The demo's recipe, and the same with the terms weighted as in the paper's equations, 4 to 8 times as much time beside instance contrast (docs/ablation.md).
    private static readonly Dictionary<string, Func<TclrRecipe>> Recipes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["prototype"] = TclrRecipes.Tiny,
        ["better"] = () => TclrRecipes.Tiny() with { Name = "better", Loss = LossRecipe.Tclr(new TclrLossOptions { Convention = TclrLossConvention.Paper }) },
    };

    private readonly int? steps = a.Whole("--steps", "Number of steps of each cell, overriding the recipe.", 1);
    private readonly int? batch = a.Whole("--batch", "Batch size in videos, overriding the recipe.", 2);

    public string? Videos { get; } = a.Text("--videos", "Folder of videos with a sub-folder for each class. Without it, the embedded set is generated for each seed.");

    public string? Groups { get; } = a.Text("--groups", "With --videos, a regular expression for the group of a video, such as a person, in its path: groups are held out as a whole, encoders are trained on the other groups, and a kNN classifier is measured too.");

    public int? Folds { get; } = a.Whole("--folds", $"Number of folds that --groups are divided into. Default: {UsualFolds}.", 2);

    public string? Cache { get; } = a.Text("--cache", Readers.CacheHelp);

    public string Output { get; } = a.Text("--out", "Output folder of the cells; the same command resumes there.", "tclr-ablation");

    public string RecipeName { get; } = a.Text("--recipe", $"Recipe: {string.Join(", ", Recipes.Keys)}, one of 'pretrain' by name, or a JSON file.", "prototype");

    public IReadOnlyList<ulong> Seeds { get; } = a.List<ulong>(
        "--seeds", "Comma-separated seeds of videos, weights, clips and augmentation.", ["21", "22", "23", "24"], text => ulong.TryParse(text, CultureInfo.InvariantCulture, out ulong seed) ? [seed] : [], "whole numbers from 0");

    public IReadOnlyList<AblationRow> Rows { get; } = a.List<AblationRow>(
        "--rows", "Comma-separated rows of the table.", AblationRow.All.Select(row => row.Key),
        text => [.. AblationRow.All.Where(row => string.Equals(row.Key, text, StringComparison.OrdinalIgnoreCase))], string.Join(", ", AblationRow.All.Select(row => row.Key)));

    public int TrainVideos { get; } = a.Whole("--train-videos", "Number of training videos to generate.", SyntheticSet.ClassCount, 450);

    public int TestVideos { get; } = a.Whole("--test-videos", "Number of test videos to generate.", SyntheticSet.ClassCount, 450);

    /// <summary>The recipe of all rows, apart from the loss terms.</summary>
    public TclrRecipe Recipe()
    {
        if (Videos is null && (Groups, Cache) is not (null, null))
        {
            throw new UsageException("--groups, --cache: expected with --videos");
        }

        if (Groups is null && Folds is not null)
        {
            throw new UsageException("--folds: expected with --groups");
        }

        var found = Recipes.TryGetValue(RecipeName, out var create) ? create()
            : TclrRecipes.All.ContainsKey(RecipeName) || File.Exists(RecipeName) ? TclrRecipes.Find(RecipeName)
            : throw new UsageException($"--recipe: expected {string.Join(", ", Recipes.Keys.Concat(TclrRecipes.All.Keys))} or a JSON file of a recipe, got '{RecipeName}'");
        if (found.Loss is not TclrLossRecipe)
        {
            throw new UsageException($"--recipe: expected a recipe with the loss 'tclr', whose terms the rows switch, got '{RecipeRegistry.Default.NameOf(found.Loss)}' in '{RecipeName}'");
        }

        return found with { Steps = steps ?? found.Steps, Epochs = steps is null ? found.Epochs : null, BatchSize = batch ?? found.BatchSize };
    }
}
