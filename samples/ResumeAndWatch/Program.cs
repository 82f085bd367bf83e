// Trains with progress, metrics and checkpoints. Ctrl-C saves; the next start resumes with the same results as without the stop.
using Tclr;
using Tclr.Core;
using Tclr.Data;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;                                     // finish the step instead of ending at once
    stop.Cancel();
};

var videos = await VideoIndex.ScanAsync(VideoDatasets.Folder(args.Length > 0 ? args[0] : "videos"));
var recipe = TclrRecipes.Tiny() with { BatchSize = 4, Steps = 40 };
using var trainer = new TclrTrainerBuilder()
    .UseRecipe(recipe)
    .FromVideos(videos, recipe)
    .SaveTo("watched", everySteps: 10)                   // checkpoints, metrics.jsonl, TensorBoard files
    .ReportTo(new Progress<TrainingProgress>(Watch))
    .Resume()                                            // from the newest checkpoint; from the start without one
    .Build();

Console.WriteLine($"from step {trainer.Step} of {trainer.TotalSteps}");
await foreach (var epoch in trainer.TrainEpochsAsync(stop.Token))
{
    Console.WriteLine($"epoch {epoch.Epoch} ends at step {epoch.Step}: loss {epoch.Loss:0.00}");
}

Console.WriteLine(trainer.Step < trainer.TotalSteps ? $"stopped at step {trainer.Step}: start again to resume" : "done");

static void Watch(TrainingProgress step)
{
    if (step.Step % 10 == 0 || step.Alarms != TrainingAlarms.None)
    {
        Console.WriteLine($"step {step.Step}: loss {step.Loss:0.00}, rate {step.LearningRate:0.0e0}, {step.ClipsPerSecond:0} clips/s, {step.Remaining:mm\\:ss} left {step.Alarms}");
    }
}
