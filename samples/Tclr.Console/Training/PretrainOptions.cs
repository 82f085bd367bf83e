namespace Tclr.Cli;

/// <summary>Options of <c>tclr pretrain</c>.</summary>
internal sealed class PretrainOptions(Arguments a)
{
    public string? Recipe { get; } = a.Text("--recipe", $"A recipe by name ({string.Join(", ", TclrRecipes.All.Keys)}) or a JSON file; 'tiny' by default, with --resume the one of the run.");

    public string Videos { get; } = a.Required("--videos", "Folder of videos; the folders in it are their classes, which training does not look at.");

    public string? List { get; } = a.Text("--list", "Text file that names the videos to take, one a line, as UCF101's trainlist01.txt.");

    public string Output { get; } = a.Text("--out", "Folder for checkpoints, metrics and TensorBoard files.", "tclr-run");

    public bool Resume { get; } = a.Flag("--resume", "Resume from the newest checkpoint in --out, with bit-identical results.");

    public string? Weights { get; } = a.Text("--weights", "Start the encoder of a new run from a file of weights or the folder of a checkpoint; the head starts anew.");

    public string Device { get; } = a.Text("--device", "Where to compute: cpu, cuda, cuda:1.", "cpu");

    public int? Epochs { get; } = a.Whole("--epochs", "Epochs in place of the recipe's length; with --resume also more than before, where the schedule allows it.", 1);

    public int? Steps { get; } = a.Whole("--steps", "Steps in place of the recipe's length; with --resume also more than before, where the schedule allows it.", 1);

    public int? BatchSize { get; } = a.Whole("--batch", "Videos in a batch in place of the recipe's.", 2);

    public ulong? Seed { get; } = a.Whole("--seed", "Seed in place of the recipe's.", 0UL);

    public int? Workers { get; } = a.Whole("--workers", "Threads that decode; the result does not depend on it.", 1);

    public int? Threads { get; } = a.Whole("--threads", "Threads that compute; another number rounds differently.", 1);

    public int? ShortSide { get; } = a.Whole("--short-side", "Pixels that the short side of a frame is scaled to when it is decoded.", 1);

    public bool Ffmpeg { get; } = a.Flag("--ffmpeg", "Decode with the installed ffmpeg command what OpenCV cannot: AV1, videos whose size or pixel format change.");

    public int? CheckpointEvery { get; } = a.Whole("--checkpoint-every", "Save a checkpoint after so many steps, besides the end of each epoch.", 1);

    public long? MemoryBudget { get; } = a.Whole("--memory-budget", "Megabytes that activations may take: the batch goes through in passes that fit.", 1L);
}
