using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Tclr.Core;
using Tclr.Data;
using Tclr.Samples;
using Tclr.Samples.Pretrain;
using Tclr.Weights;

Terminal.SetUp("pretrain");
var recipe = new Option<string?>("--recipe") { Description = $"A recipe by name ({string.Join(", ", Tclr.TclrRecipes.All.Keys)}) or a JSON file; 'tiny' by default, with --resume the one of the run." };
var videos = new Option<string>("--videos") { Description = "Folder of videos; the folders in it are their classes, which training does not look at.", Required = true };
var list = new Option<string?>("--list") { Description = "Text file that names the videos to take, one a line, as UCF101's trainlist01.txt." };
var output = new Option<string>("--out") { Description = "Folder for checkpoints, metrics and TensorBoard files.", DefaultValueFactory = _ => "tclr-run" };
var resume = new Option<bool>("--resume") { Description = "Go on from the newest checkpoint in --out, bit for bit." };
var weights = new Option<string?>("--weights") { Description = "Start the encoder of a new run from a file of weights or the folder of a checkpoint; the head starts anew." };
var device = new Option<string>("--device") { Description = "Where to compute: cpu, cuda, cuda:1.", DefaultValueFactory = _ => "cpu" };
var epochs = new Option<int?>("--epochs") { Description = "Epochs in place of the recipe's length; with --resume also more than before, where the schedule allows it." };
var steps = new Option<int?>("--steps") { Description = "Steps in place of the recipe's length; with --resume also more than before, where the schedule allows it." };
var batch = new Option<int?>("--batch") { Description = "Videos in a batch in place of the recipe's." };
var seed = new Option<ulong?>("--seed") { Description = "Seed in place of the recipe's." };
var workers = new Option<int?>("--workers") { Description = "Threads that decode; the result does not depend on it." };
var threads = new Option<int?>("--threads") { Description = "Threads that compute; another number rounds otherwise." };
var shortSide = new Option<int?>("--short-side") { Description = "Pixels that the short side of a frame is brought to when it is decoded." };
var ffmpeg = new Option<bool>("--ffmpeg") { Description = "Decode with the installed ffmpeg command what OpenCV cannot: AV1, videos whose size or pixel format change." };
var every = new Option<int?>("--checkpoint-every") { Description = "Save a checkpoint after so many steps, besides the end of each epoch." };
var budget = new Option<long?>("--memory-budget") { Description = "Megabytes that activations may take: the batch goes through in passes that fit." };

foreach (var option in new Option<int?>[] { epochs, steps, workers, threads, shortSide, every })
{
    AtLeast(option, 1);
}

AtLeast(batch, 2);
AtLeast(budget, 1);

var command = new RootCommand("Pretrains a 3D CNN on videos without labels, as a recipe says. Ctrl-C, SIGTERM and a closed terminal (SIGHUP) finish the step, save a checkpoint and end; --resume goes on.")
{
    recipe, videos, list, output, resume, weights, device, epochs, steps, batch, seed, workers, threads, shortSide, ffmpeg, every, budget,
};
command.Validators.Add(result =>
{
    if (result.GetValue(epochs) is not null && result.GetValue(steps) is not null)
    {
        result.AddError("--epochs and --steps: expected one of them, got both");
    }
});
command.SetAction((parsed, cancellationToken) => RunAsync(
    new PretrainOptions
    {
        Recipe = parsed.GetValue(recipe),
        Videos = parsed.GetValue(videos)!,
        List = parsed.GetValue(list),
        Output = parsed.GetValue(output)!,
        Resume = parsed.GetValue(resume),
        Weights = parsed.GetValue(weights),
        Device = parsed.GetValue(device)!,
        Epochs = parsed.GetValue(epochs),
        Steps = parsed.GetValue(steps),
        BatchSize = parsed.GetValue(batch),
        Seed = parsed.GetValue(seed),
        Workers = parsed.GetValue(workers),
        Threads = parsed.GetValue(threads),
        ShortSide = parsed.GetValue(shortSide),
        Ffmpeg = parsed.GetValue(ffmpeg),
        CheckpointEvery = parsed.GetValue(every),
        MemoryBudgetMegabytes = parsed.GetValue(budget),
    },
    cancellationToken));

// Finishing a step and saving a checkpoint takes longer than the two seconds that are the default.
return await Terminal.InvokeAsync(command, args, TimeSpan.FromMinutes(5));

static void AtLeast<T>(Option<T> option, long minimum) => option.Validators.Add(result =>
{
    // What is no number at all is reported by the parser.
    if (result.Tokens is [var token] && long.TryParse(token.Value, CultureInfo.InvariantCulture, out long value) && value < minimum)
    {
        result.AddError($"{option.Name}: expected {minimum} or more, got {value}");
    }
});

static async Task<int> RunAsync(PretrainOptions options, CancellationToken cancellationToken)
{
    try
    {
        return await new PretrainRun(options).RunAsync(cancellationToken) ? 0 : 130;
    }
    catch (OperationCanceledException)
    {
        AnsiConsole.MarkupLine("[yellow]Stopped before the first step.[/]");
        return 130;
    }
    catch (Exception e) when (e is Tclr.TclrException or ArgumentException or InvalidOperationException or VideoDataException or TrainingException or TclrConfigurationException or WeightFileException or JsonException
        or IOException or UnauthorizedAccessException or DllNotFoundException or System.Runtime.InteropServices.ExternalException)
    {
        await Terminal.FailAsync(e.Message);
        return 1;
    }
}
