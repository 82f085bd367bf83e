using Tclr.Models;

namespace Tclr.Cli;

/// <summary>Options of <c>tclr evaluate VERB</c>.</summary>
internal sealed class EvaluateOptions(Arguments a, string verb)
{
    private readonly string? report = a.Text("--report", $"The report, an .html file; .json and .csv are written beside it. Default: {verb}.html in --out.");
    private readonly string? encoder = a.Text("--encoder", $"The encoder of a checkpoint without a recipe ({string.Join(", ", VideoEncoders.All.Keys)}); r3d18 of a .pth.");

    public string Verb => verb;

    public string Checkpoint { get; } = a.Required("--checkpoint", "A checkpoint 'step-...', the folder of a run, or a file of weights: .safetensors, .dat, .pth of PyTorch. The place of the weights in a file is found, if only one fits.", "--weights");

    public bool Best { get; } = a.Flag("--best", "Of a run, the checkpoint with the lowest loss in place of the newest.");

    public string? Recipe { get; } = a.Text("--recipe", $"What a checkpoint without a recipe was trained by: a name ({string.Join(", ", TclrRecipes.All.Keys)}) or a JSON file.");

    public EncoderRecipe? Encoder => encoder is null ? null : VideoEncoders.All.ContainsKey(encoder) ? EncoderRecipe.Of(encoder)
        : throw new UsageException($"--encoder: expected {string.Join(", ", VideoEncoders.All.Keys)}, got '{encoder}'");

    public ProtocolOptions Protocol { get; } = new(a, verb);

    public bool MomentumEncoder { get; } = a.Flag("--momentum-encoder", "Of a run with a momentum encoder, evaluate that one.");

    public WeightOptions Weights { get; } = new(a);

    public string? Videos { get; } = a.Text("--videos", "Folder of class folders; without lists every second video of a class is for testing.");

    public DatasetOptions Dataset { get; } = new(a);

    public string? TrainList { get; } = a.Text("--train-list", "Text file that names the training videos in --videos, as UCF101's trainlist01.txt.");

    public string? TestList { get; } = a.Text("--test-list", "Text file that names the test videos in --videos, as UCF101's testlist01.txt.");

    public string? Train { get; } = a.Text("--train", "Folder of class folders with training videos, in place of --videos.");

    public string? Test { get; } = a.Text("--test", "Folder of class folders with test videos.");

    public bool OnFeatures { get; } = verb is "linear" or "lowshot" && a.Flag("--on-features", "Train a linear layer on features that are computed once, without augmentation: faster, and not the protocol of a paper.");

    public ulong Seed { get; } = a.Whole("--seed", "Seed of the classifier, of subsets and maps.", 0UL, 0UL);

    public string Output { get; } = a.Text("--out", "Folder for features, which a later run goes on with.", "tclr-evaluation");

    public string Report => report ?? Path.Combine(Output, verb + ".html");

    public string? Cache { get; } = a.Text("--cache", Readers.CacheHelp);

    public bool Ffmpeg { get; } = a.Flag("--ffmpeg", "Decode with the installed ffmpeg command what OpenCV cannot: AV1, videos whose size or pixel format change.");

    public string Device { get; } = a.Text("--device", "Where to compute: cpu, cuda, cuda:1.", "cpu");

    public int? Workers { get; } = a.Whole("--workers", "Threads that decode; the result does not depend on it.", 1);

    public int? Threads { get; } = a.Whole("--threads", "Threads that compute; another number rounds differently.", 1);

    /// <summary>Refuses options that do not go together.</summary>
    public void Check()
    {
        bool lists = TrainList is not null, folders = Train is not null;
        Dataset.Check(Videos);
        if (Dataset.Name is not null && (lists || folders || TestList is not null || Test is not null))
        {
            throw new UsageException("--dataset: expected with --videos and --lists, got lists or folders of your own too");
        }

        if (lists != (TestList is not null) || folders != (Test is not null) || folders == (Videos is not null) || (lists && folders))
        {
            throw new UsageException("expected --videos, or --videos with --train-list and --test-list, or --videos with --dataset and --lists, or --train and --test");
        }

        if (!Report.EndsWith(".html", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--report: expected a file that ends in .html, got '{Report}'");
        }
    }
}
