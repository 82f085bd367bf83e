using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Tclr;
using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Samples;
using Tclr.Samples.Evaluate;
using Tclr.Weights;

Terminal.SetUp("evaluate");
var checkpoint = new Option<string>("--checkpoint", "--weights") { Description = "A checkpoint 'step-...', the folder of a run, or a file of weights: .safetensors, .dat, .pth of PyTorch. Where in a file they are is found, if there is one place.", Required = true };
var best = new Option<bool>("--best") { Description = "Of a run, the checkpoint with the lowest loss in place of the newest." };
var recipe = new Option<string?>("--recipe") { Description = $"What a checkpoint without a recipe was trained by: a name ({string.Join(", ", TclrRecipes.All.Keys)}) or a JSON file." };
var encoder = new Option<string?>("--encoder") { Description = "The encoder of a checkpoint without a recipe; r3d18 of a .pth." };
var protocol = new Option<string?>("--protocol") { Description = $"How weights without a recipe are shown videos (channels, values, size, clips): {string.Join(", ", ClipRecipes.All.Keys)}." }.AcceptOnlyFromAmong([.. ClipRecipes.All.Keys]);
var weightsKey = new Option<string?>("--weights-key") { Description = "Where in a PyTorch file the weights are, as 'state_dict' or 'ema/encoder'; needed if several places fit." };
var weightsPrefix = new Option<string?>("--weights-prefix") { Description = "What the encoder's names stand under in a file, as 'module.encoder_q.'; needed if several prefixes fit." };
var convert = new Option<bool>("--convert") { Description = "Take weights of a wider type, as double precision. Half precision and bfloat16 are taken without it." };
var videos = new Option<string?>("--videos") { Description = "Folder of class folders; without lists every second video of a class is for testing." };
var trainList = new Option<string?>("--train-list") { Description = "Text file that names the training videos in --videos, as UCF101's trainlist01.txt." };
var testList = new Option<string?>("--test-list") { Description = "Text file that names the test videos in --videos, as UCF101's testlist01.txt." };
var train = new Option<string?>("--train") { Description = "Folder of class folders with training videos, in place of --videos." };
var test = new Option<string?>("--test") { Description = "Folder of class folders with test videos." };
var clips = new Option<int>("--clips") { Description = "Clips that a video is judged by.", DefaultValueFactory = _ => 10 };
var center = new Option<bool>("--center") { Description = "DualVar's retrieval: means over time, centered." };
var augmented = new Option<bool>("--augmented") { Description = "Other clips and augmentations in every epoch, as in the papers, in place of features that are computed once." };
var epochs = new Option<int?>("--epochs") { Description = "Epochs at most, in place of TCLR's 100." };
var batch = new Option<int?>("--batch") { Description = "Videos in a batch of training, in place of TCLR's 32." };
var seed = new Option<ulong>("--seed") { Description = "Seed of the classifier, of subsets and maps." };
var output = new Option<string>("--out") { Description = "Folder for features, which a later run goes on with.", DefaultValueFactory = _ => "tclr-evaluation" };
var report = new Option<string?>("--report") { Description = "The report, an .html file; .json and .csv are written beside it. Without it, one in --out with the verb's name." };
var ffmpeg = new Option<bool>("--ffmpeg") { Description = "Decode with the installed ffmpeg command what OpenCV cannot: AV1, videos whose size or pixel format change." };
var device = new Option<string>("--device") { Description = "Where to compute: cpu, cuda, cuda:1.", DefaultValueFactory = _ => "cpu" };
var workers = new Option<int?>("--workers") { Description = "Threads that decode; the result does not depend on it." };
var threads = new Option<int?>("--threads") { Description = "Threads that compute; another number rounds otherwise." };
foreach (var option in new Option[] { clips, epochs, batch, workers, threads })
{
    AtLeast(option, 1);
}

Option[] common = [checkpoint, best, recipe, encoder, protocol, weightsKey, weightsPrefix, convert, videos, trainList, testList, train, test, clips, seed, output, report, ffmpeg, device, workers, threads];
var root = new RootCommand("Evaluates a pretrained encoder and writes a report. What is computed of the videos stays in --out: a run that is stopped goes on when it is started again.")
{
    Verb("retrieval", "Do a test video's nearest training videos share its class?", center),
    Verb("linear", "How well does a linear layer on the frozen encoder classify?", augmented, epochs, batch),
    Verb("finetune", "How well does the encoder classify after training with labels?", epochs, batch),
    Verb("lowshot", "How far do 1, 10, 20 and 50 % of the labels go?", epochs, batch),
    Verb("analyze", "Recall by clips, timesteps, maps, attention, loss curves."),
};

// What is under way is finished and written, which may take longer than the two seconds that are the default.
return await Terminal.InvokeAsync(root, args, TimeSpan.FromMinutes(5));

Command Verb(string name, string description, params Option[] own)
{
    var verb = new Command(name, description);
    foreach (var option in common.Concat(own))
    {
        verb.Add(option);
    }

    verb.Validators.Add(result =>
    {
        bool lists = result.GetValue(trainList) is not null, folders = result.GetValue(train) is not null;
        if (lists != (result.GetValue(testList) is not null) || folders != (result.GetValue(test) is not null) || folders == (result.GetValue(videos) is not null) || (lists && folders))
        {
            result.AddError("expected --videos, or --videos with --train-list and --test-list, or --train and --test");
        }

        if (result.GetValue(report) is { } path && !path.EndsWith(".html", StringComparison.OrdinalIgnoreCase))
        {
            result.AddError($"--report: expected a file that ends in .html, got '{path}'");
        }
    });
    verb.SetAction((parsed, cancellationToken) => RunAsync(
        new EvaluateOptions
        {
            Verb = name,
            Checkpoint = parsed.GetValue(checkpoint)!,
            Best = parsed.GetValue(best),
            Recipe = parsed.GetValue(recipe),
            Encoder = parsed.GetValue(encoder),
            Protocol = parsed.GetValue(protocol) is { } named ? ClipRecipes.All[named] : null,
            WeightsKey = parsed.GetValue(weightsKey),
            WeightsPrefix = parsed.GetValue(weightsPrefix),
            Convert = parsed.GetValue(convert),
            Videos = parsed.GetValue(videos),
            TrainList = parsed.GetValue(trainList),
            TestList = parsed.GetValue(testList),
            Train = parsed.GetValue(train),
            Test = parsed.GetValue(test),
            Clips = parsed.GetValue(clips),
            Center = own.Contains(center) && parsed.GetValue(center),
            Augmented = own.Contains(augmented) && parsed.GetValue(augmented),
            Epochs = own.Contains(epochs) ? parsed.GetValue(epochs) : null,
            BatchSize = own.Contains(batch) ? parsed.GetValue(batch) : null,
            Seed = parsed.GetValue(seed),
            Output = parsed.GetValue(output)!,
            Report = parsed.GetValue(report) ?? Path.Combine(parsed.GetValue(output)!, name + ".html"),
            Ffmpeg = parsed.GetValue(ffmpeg),
            Device = parsed.GetValue(device)!,
            Workers = parsed.GetValue(workers),
            Threads = parsed.GetValue(threads),
        },
        cancellationToken));
    return verb;
}

static void AtLeast(Option option, int minimum) => option.Validators.Add(result =>
{
    // What is no number at all is reported by the parser.
    if (result.Tokens is [var token] && long.TryParse(token.Value, CultureInfo.InvariantCulture, out long value) && value < minimum)
    {
        result.AddError($"{option.Name}: expected {minimum} or more, got {value}");
    }
});

static async Task<int> RunAsync(EvaluateOptions options, CancellationToken cancellationToken)
{
    try
    {
        await new EvaluateRun(options).RunAsync(cancellationToken);
        return 0;
    }
    catch (OperationCanceledException)
    {
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[yellow]Stopped. What is done is in {options.Output}; the same command goes on.[/]");
        return 130;
    }
    catch (Exception e) when (e is TclrException or ArgumentException or InvalidOperationException or VideoDataException or WeightFileException or FeatureStoreException or TrainingException
        or InvalidDataException or JsonException or IOException or UnauthorizedAccessException or DllNotFoundException or System.Runtime.InteropServices.ExternalException)
    {
        // Which parameter of a method it was says nothing to a user.
        string message = e is ArgumentException { ParamName: { } name } ? e.Message.Replace($" (Parameter '{name}')", string.Empty, StringComparison.Ordinal) : e.Message;
        await Terminal.FailAsync(message);
        return 1;
    }
}
