namespace Tclr.Cli;

/// <summary>Options of <c>tclr demo</c>.</summary>
internal sealed class DemoOptions(Arguments a)
{
    /// <summary>The recipe for videos of one's own.</summary>
    public const string FolderRecipe = "small";

    public string? Videos { get; } = a.Text("--videos", $"Folder of your own videos, {FolderVideos.Fewest} or more, with or without sub-folders. Some are held out, and encoders are measured on these. Without it, the demo generates its own videos.");

    public string Output { get; } = a.Text("--out", "Output folder for checkpoints, metrics and the report.", "tclr-demo");

    public string? Recipe { get; } = a.Text("--recipe", $"With --videos, a recipe of TCLR by name or a JSON file. Default: {FolderRecipe}.");

    public double? Minutes { get; } = a.Positive("--minutes", $"With --videos, the longest time that the demo may take; it takes fewer steps if necessary. Default: {FolderDemo.UsualMinutes}.");

    public string? Cache { get; } = a.Text("--cache", Readers.CacheHelp + " With --videos, by default 'frames' in --out.");

    public int? Steps { get; } = a.Whole("--steps", $"Optimization steps of each method. Default: {DemoRun.EmbeddedSteps}, or with --videos those of the recipe.", 1);

    public int? BatchSize { get; } = a.Whole("--batch", "Batch size in videos, overriding the recipe.", 2);

    public ulong Seed { get; } = a.Whole("--seed", "Seed of videos, weights, clips and augmentation.", 0UL, 11UL);

    public int TrainVideos { get; } = a.Whole("--train-videos", "Number of training videos to generate.", SyntheticSet.ClassCount, 450);

    public int TestVideos { get; } = a.Whole("--test-videos", "Number of test videos to generate.", SyntheticSet.ClassCount, 450);

    public bool Resume { get; } = a.Flag("--resume", "Resume from the checkpoints in --out.");
}
