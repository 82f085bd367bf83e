// Pretrains a video encoder by settings.json, evaluates it, and writes a report. Ctrl-C saves; the next start resumes.
using System.Text.Json;
using MyPretraining;
using Tclr;
using Tclr.Core;
using Tclr.Data;
using Tclr.Weights;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

try
{
    var settings = Settings.Load(args.Length > 0 ? args[0] : "settings.json");
    var recipe = settings.CreateRecipe();
    var scanning = new VideoIndexOptions { MinimumFrames = recipe.Clips.CreateSampler().MinimumFrames, CachePath = Path.Combine(settings.Output, "videos.index") };
    var videos = await VideoIndex.ScanAsync(VideoDatasets.Folder(settings.Videos), scanning, cancellationToken: stop.Token);
    Console.WriteLine($"{videos.Items.Count} videos, {videos.Faulty.Count} left out");
    if (recipe.Clips.FitVideos)
    {
        (recipe, _) = recipe.FitClips(videos.Infos);
    }

    using var trainer = new TclrTrainerBuilder()
        .UseRecipe(recipe)
        .FromVideos(videos, recipe)
        .OnDevice(TorchRuntime.ParseDevice(settings.Device))
        .SaveTo(settings.Output)
        .ReportTo(new Progress<TrainingProgress>(Show))
        .Resume()
        .Build();
    Console.WriteLine($"{recipe.Name} from step {trainer.Step} of {trainer.TotalSteps}");
    var result = await trainer.TrainAsync(stop.Token);
    if (!result.Completed)
    {
        Console.WriteLine($"Stopped at step {result.Step}: start again to resume.");
        return 130;
    }

    await RunEvaluation.RunAsync(settings, recipe, videos, stop.Token);
    return 0;
}
catch (OperationCanceledException)
{
    Console.WriteLine("Stopped: start again to resume.");
    return 130;
}
catch (Exception e) when (e is TclrException or ArgumentException or IOException or UnauthorizedAccessException or JsonException or DllNotFoundException)
{
    Console.Error.WriteLine(e is ArgumentException { ParamName: { } name } ? e.Message.Replace($" (Parameter '{name}')", "") : e.Message);
    if (e is CheckpointException)
    {
        Console.Error.WriteLine("To begin anew, name another folder for \"output\" in the settings, or delete this one.");
    }

    return 1;
}

static void Show(TrainingProgress step)
{
    if (step.Step % 10 == 0 || step.Step == step.TotalSteps || step.Alarms != TrainingAlarms.None)
    {
        Console.WriteLine($"step {step.Step}/{step.TotalSteps}: loss {step.Loss:0.00}, {step.ClipsPerSecond:0} clips/s, {step.Remaining:hh\\:mm\\:ss} left {(step.Alarms == TrainingAlarms.None ? "" : step.Alarms)}");
    }
}
