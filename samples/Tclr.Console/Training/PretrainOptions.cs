namespace Tclr.Cli;

/// <summary>Options of <c>tclr pretrain</c>.</summary>
internal sealed class PretrainOptions(Arguments a)
{
    public string? Recipe { get; } = a.Text("--recipe", $"A recipe by name ({string.Join(", ", TclrRecipes.All.Keys)}) or a JSON file; By default that of --from or, with --resume, of the run, otherwise 'tiny'.");

    public string Videos { get; } = a.Required("--videos", "Folder of videos. Its sub-folders are classes, which training ignores.");

    public string? List { get; } = a.Text("--list", "Text file with the videos to use, one per line, such as UCF101's trainlist01.txt.");

    public DatasetOptions Dataset { get; } = new(a);

    public string? Monitor { get; } = a.Text("--monitor", "Folder of class folders: during training, measure the encoder by the accuracy of a kNN classifier on these videos. Results are in monitor.jsonl in --out.");

    public int? MonitorEvery { get; } = a.Whole("--monitor-every", "Number of epochs between two measurements of --monitor. Default: 1.", 1);

    public string Output { get; } = a.Text("--out", "Folder for checkpoints, metrics and TensorBoard files.", "tclr-run");

    public bool Resume { get; } = a.Flag("--resume", "Resume from the newest checkpoint in --out, with bit-identical results.");

    public string? From { get; } = a.Text("--from", "Start the encoder of a new run from these weights: the folder of a run, a checkpoint 'step-...', or a file of weights (.safetensors, .dat, .pth of PyTorch). Head and optimizer start anew. A resumed run need not name them.");

    public WeightOptions Weights { get; } = new(a);

    public string Device { get; } = a.Text("--device", "Device: cpu, cuda, cuda:1.", "cpu");

    public int? Epochs { get; } = a.Whole("--epochs", "Number of epochs, overriding the recipe. With --resume it can differ from the first run's if the schedule allows it.", 1);

    public int? Steps { get; } = a.Whole("--steps", "Number of steps, overriding the recipe. With --resume it can differ from the first run's if the schedule allows it.", 1);

    public int? BatchSize { get; } = a.Whole("--batch", "Batch size in videos, overriding the recipe.", 2);

    public ulong? Seed { get; } = a.Whole("--seed", "Seed, overriding the recipe.", 0UL);

    public int? Workers { get; } = a.Whole("--workers", "Number of decoding threads; does not affect the result.", 1);

    public int? Threads { get; } = a.Whole("--threads", "Number of compute threads; affects rounding.", 1);

    public int? ShortSide { get; } = a.Whole("--short-side", "Scale frames to this short side, in pixels, when decoding.", 1);

    public string? Cache { get; } = a.Text("--cache", Readers.CacheHelp);

    public double? MaximumFaulty { get; } = a.Positive("--max-faulty", "Largest share of the videos that may be damaged or too short, up to 1; 0.1 by default.");

    public bool Ffmpeg { get; } = a.Flag("--ffmpeg", "Use the installed ffmpeg command for videos that OpenCV cannot decode: AV1, changing frame size or pixel format.");

    public int? CheckpointEvery { get; } = a.Whole("--checkpoint-every", "Save a checkpoint every N steps, in addition to the end of each epoch.", 1);

    public int? TimeLimit { get; } = a.Whole("--time-limit", "Under mpirun: minutes that a process waits for the others before it ends the job. Default: 10.", 1);

    public long? MemoryBudget { get; } = a.Whole("--memory-budget", "Memory for activations in megabytes; the batch is split into passes that fit.", 1L);
}
