using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tclr.Core;
using Tclr.Data;
using Tclr.Samples;
using Tclr.Samples.Ablation;
using Tclr.Samples.EmbeddedSet;

Terminal.SetUp("ablation");
var defaults = new AblationOptions();
var videos = new Option<string?>("--videos") { Description = "Folder of videos with a sub-folder for each class. Without it the embedded set is made, one for each seed." };
var output = new Option<string>("--out") { Description = "Where cells are kept; a second run goes on there.", DefaultValueFactory = _ => defaults.Output };
var recipe = new Option<string>("--recipe") { Description = $"How the rows are trained: {string.Join(" or ", Recipe.Named.Keys)}, or a JSON file of a recipe.", DefaultValueFactory = _ => defaults.RecipeName };
var seeds = new Option<string>("--seeds") { Description = "Seeds of videos, weights, clips and augmentation, with commas between.", DefaultValueFactory = _ => string.Join(',', defaults.Seeds) };
var rows = new Option<string>("--rows") { Description = "Rows of the table, with commas between.", DefaultValueFactory = _ => string.Join(',', Row.All.Select(row => row.Key)) };
var steps = new Option<int?>("--steps") { Description = "Optimization steps of each cell, instead of the recipe's." };
var batch = new Option<int?>("--batch") { Description = "Videos in a batch, instead of the recipe's." };
var train = new Option<int>("--train-videos") { Description = "Videos to make for training.", DefaultValueFactory = _ => defaults.TrainVideos };
var test = new Option<int>("--test-videos") { Description = "Videos to make for testing.", DefaultValueFactory = _ => defaults.TestVideos };

AtLeast(steps, 1);
AtLeast(batch, 2);
AtLeast(train, SyntheticSet.ClassCount);
AtLeast(test, SyntheticSet.ClassCount);

var command = new RootCommand("Trains a small 3D CNN with every combination of TCLR's losses and shows what each contributes, over several seeds.")
{
    videos, output, recipe, seeds, rows, steps, batch, train, test,
};
command.SetAction((parsed, cancellationToken) => RunAsync(
    () =>
    {
        string name = parsed.GetValue(recipe)!;
        var found = Recipe.Find(name);
        return defaults with
        {
            Videos = parsed.GetValue(videos),
            Output = parsed.GetValue(output)!,
            RecipeName = name,
            Recipe = found with { Steps = parsed.GetValue(steps) ?? found.Steps, BatchSize = parsed.GetValue(batch) ?? found.BatchSize },
            Seeds = Listed<ulong>(seeds, parsed.GetValue(seeds)!, text => ulong.TryParse(text, CultureInfo.InvariantCulture, out ulong seed) ? seed : null, "whole numbers from 0"),
            Rows = Listed<Row>(rows, parsed.GetValue(rows)!, RowOf, string.Join(", ", Row.All.Select(row => row.Key))),
            TrainVideos = parsed.GetValue(train),
            TestVideos = parsed.GetValue(test),
        };
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

static Row? RowOf(string key) => Row.All.FirstOrDefault(row => string.Equals(row.Key, key, StringComparison.OrdinalIgnoreCase));

static T[] Listed<T>(Option option, string text, Func<string, object?> parse, string expected)
{
    string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    T[] values = [.. parts.Select(part => parse(part) is T value ? value : throw new UsageException($"{option.Name}: expected {expected} with commas between, got '{part}'")).Distinct()];
    return values.Length > 0 ? values : throw new UsageException($"{option.Name}: expected {expected}, got none");
}

static async Task<int> RunAsync(Func<AblationOptions> options, CancellationToken cancellationToken)
{
    try
    {
        return await new AblationRun(options()).RunAsync(cancellationToken) ? 0 : 130;
    }
    catch (OperationCanceledException)
    {
        AnsiConsole.MarkupLine("[yellow]Stopped. The same command goes on.[/]");
        return 130;
    }
    catch (Exception e) when (e is UsageException or ArgumentException or VideoDataException or TrainingException or TclrConfigurationException or IOException or UnauthorizedAccessException or DllNotFoundException)
    {
        await Terminal.FailAsync(e.Message);
        return 1;
    }
}
