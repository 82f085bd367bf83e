using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tclr.Core;
using Tclr.Data;
using Tclr.Samples;
using Tclr.Samples.EmbeddedSet;
using Tclr.Samples.Quickstart;

Terminal.SetUp("quickstart");
var defaults = new QuickstartOptions();
var videos = new Option<string?>("--videos") { Description = "Folder of videos: a class is a sub-folder, else a file. Without it the quickstart makes its own set." };
var output = new Option<string>("--out") { Description = "Where checkpoints, metrics and the report go.", DefaultValueFactory = _ => defaults.Output };
var steps = new Option<int?>("--steps") { Description = $"Optimization steps of each method. Default: {QuickstartOptions.SyntheticSteps}, or {QuickstartOptions.FolderSteps} with --videos." };
var batch = new Option<int>("--batch") { Description = "Videos in a batch.", DefaultValueFactory = _ => defaults.BatchSize };
var seed = new Option<ulong>("--seed") { Description = "Seed of videos, weights, clips and augmentation.", DefaultValueFactory = _ => defaults.Seed };
var train = new Option<int>("--train-videos") { Description = "Videos to make for training.", DefaultValueFactory = _ => defaults.TrainVideos };
var test = new Option<int>("--test-videos") { Description = "Videos to make for testing.", DefaultValueFactory = _ => defaults.TestVideos };
var resume = new Option<bool>("--resume") { Description = "Go on from the checkpoints in --out." };

AtLeast(steps, 1);
AtLeast(batch, 2);
AtLeast(train, SyntheticSet.ClassCount);
AtLeast(test, SyntheticSet.ClassCount);

var command = new RootCommand("Pretrains a small 3D CNN with TCLR on video and shows what it learnt, against instance contrast alone and random weights.")
{
    videos, output, steps, batch, seed, train, test, resume,
};
command.SetAction((parsed, cancellationToken) => RunAsync(
    defaults with
    {
        Videos = parsed.GetValue(videos),
        Output = parsed.GetValue(output)!,
        Steps = parsed.GetValue(steps),
        BatchSize = parsed.GetValue(batch),
        Seed = parsed.GetValue(seed),
        TrainVideos = parsed.GetValue(train),
        TestVideos = parsed.GetValue(test),
        Resume = parsed.GetValue(resume),
    },
    cancellationToken));

// Ctrl-C and SIGTERM finish the step and save a checkpoint, which takes longer than the two seconds that are the default.
return await Terminal.InvokeAsync(command, args, TimeSpan.FromMinutes(1));

static void AtLeast(Option option, int minimum) => option.Validators.Add(result =>
{
    // What is no number at all is reported by the parser.
    if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out int value) && value < minimum)
    {
        result.AddError($"{option.Name}: expected {minimum} or more, got {value}");
    }
});

static async Task<int> RunAsync(QuickstartOptions options, CancellationToken cancellationToken)
{
    try
    {
        return await new QuickstartRun(options).RunAsync(cancellationToken) ? 0 : 130;
    }
    catch (OperationCanceledException)
    {
        AnsiConsole.MarkupLine("[yellow]Stopped.[/]");
        return 130;
    }
    catch (Exception e) when (e is ArgumentException or VideoDataException or TrainingException or TclrConfigurationException or IOException or UnauthorizedAccessException or DllNotFoundException)
    {
        await Terminal.FailAsync(e.Message);
        return 1;
    }
}
