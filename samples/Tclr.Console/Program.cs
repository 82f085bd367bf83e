using System.CommandLine;
using System.CommandLine.Help;
using Tclr.Cli;

Terminal.SetUp();
var root = new Command("tclr", "Contrastive self-supervised learning on video. On Ctrl-C, SIGTERM or a closed terminal, it completes the step, saves its state and exits with code 130.")
{
    new HelpOption { Recursive = true },
    new VersionOption(),
    Arguments.Verb("demo", "Pretrains a small 3D CNN with TCLR and compares it with instance contrast alone and with random weights.", a => new DemoOptions(a), (options, token) => options.Videos is null ? new DemoRun(options).RunAsync(token) : new FolderDemo(options).RunAsync(token)),
    Arguments.Verb("pretrain", "Pretrains a 3D CNN on unlabeled videos by a recipe.", a => new PretrainOptions(a), (options, token) => new PretrainRun(options).RunAsync(token)),
    new Command("evaluate", "Evaluates a pretrained encoder and writes a report. Features stay in --out, where a stopped run resumes.")
    {
        Evaluation("retrieval", "Do a test video's nearest training videos share its class?"),
        Evaluation("knn", "Do the nearest training videos vote for a test video's class?"),
        Evaluation("linear", "How well does a linear layer on the frozen encoder classify?"),
        Evaluation("finetune", "How well does the encoder classify after training with labels?"),
        Evaluation("lowshot", "How far do 1, 10, 20 and 50 % of the labels go?"),
        Evaluation("analyze", "Recall by clips, timesteps, maps, attention, loss curves."),
    },
    new Command("report", "Works with what runs and evaluations have written.")
    {
        Arguments.Verb("compare", "Writes one report over several runs: loss terms, learning rate, throughput, kNN accuracy and evaluations side by side.", a => new CompareOptions(a), (options, token) => new CompareRun(options).RunAsync(token)),
    },
    Arguments.Verb("features", "Slides a window over each video and writes the feature of each window, with its times, as CSV.", a => new FeaturesOptions(a), (options, token) => new FeaturesRun(options).RunAsync(token)),
    Arguments.Verb("ablate", "Trains a small 3D CNN with every combination of TCLR's losses over several seeds, to show what each contributes.", a => new AblationOptions(a), (options, token) => new AblationRun(options).RunAsync(token)),
    Arguments.Verb("doctor", "Checks native libraries, codecs, devices, memory, disk and a folder of videos. Exits with code 1 if there is a fault.", a => new DoctorOptions(a), (options, token) => new DoctorRun(options).RunAsync(token)),
};
return await Terminal.InvokeAsync(root, args);

static Command Evaluation(string verb, string description) => Arguments.Verb(verb, description, a => new EvaluateOptions(a, verb), (options, token) => new EvaluateRun(options).RunAsync(token));
