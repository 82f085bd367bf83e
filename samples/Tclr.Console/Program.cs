using System.CommandLine;
using System.CommandLine.Help;
using Tclr.Cli;

Terminal.SetUp();
var root = new Command("tclr", "Contrastive self-supervised learning on video. Ctrl-C, SIGTERM and a closed terminal finish the step, save what is done and end with exit code 130.")
{
    new HelpOption { Recursive = true },
    new VersionOption(),
    Arguments.Verb("demo", "Pretrains a small 3D CNN with TCLR and shows what it learned, against instance contrast alone and random weights.", a => new DemoOptions(a), (options, token) => new DemoRun(options).RunAsync(token)),
    Arguments.Verb("pretrain", "Pretrains a 3D CNN on videos without labels, as a recipe says.", a => new PretrainOptions(a), (options, token) => new PretrainRun(options).RunAsync(token)),
    new Command("evaluate", "Evaluates a pretrained encoder and writes a report. Features stay in --out, where a stopped run resumes.")
    {
        Evaluation("retrieval", "Do a test video's nearest training videos share its class?"),
        Evaluation("linear", "How well does a linear layer on the frozen encoder classify?"),
        Evaluation("finetune", "How well does the encoder classify after training with labels?"),
        Evaluation("lowshot", "How far do 1, 10, 20 and 50 % of the labels go?"),
        Evaluation("analyze", "Recall by clips, timesteps, maps, attention, loss curves."),
    },
    Arguments.Verb("ablate", "Trains a small 3D CNN with every combination of TCLR's losses and shows what each contributes, over several seeds.", a => new AblationOptions(a), (options, token) => new AblationRun(options).RunAsync(token)),
    Arguments.Verb("doctor", "Checks native libraries, codecs, devices, memory, disk and a folder of videos. Exit code 1 if something is at fault.", a => new DoctorOptions(a), (options, token) => new DoctorRun(options).RunAsync(token)),
};
return await Terminal.InvokeAsync(root, args);

static Command Evaluation(string verb, string description) => Arguments.Verb(verb, description, a => new EvaluateOptions(a, verb), (options, token) => new EvaluateRun(options).RunAsync(token));
