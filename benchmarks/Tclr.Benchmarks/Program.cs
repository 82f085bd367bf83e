using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Tclr.Benchmarks;
using Tclr.Benchmarks.Evaluation;
using Tclr.Benchmarks.Training;
using Tclr.Core;
using static TorchSharp.torch;

// As the trainer does.
TorchRuntime.RetainFreedMemory();

// In this process: the natives are loaded once, and both sides of a ratio share them.
if (args is not ["training", ..])
{
    set_num_threads(Environment.ProcessorCount);
}

var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(8));
var switcher = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly);
switch (args)
{
    case ["losses", "--ratios", .. var rest]:
        LossRatios.Run(rest);
        break;
    case ["losses", "--exponentials"]:
        ExponentialShare.Run();
        break;
    case ["losses", "--pairs", var pairs]:
        ManyPairs.Run(int.Parse(pairs, CultureInfo.InvariantCulture));
        break;
    case ["losses", "--quick", .. var rest]:
        LossConfig.Quick = true;
        Losses(rest);
        break;
    case ["losses", .. var rest]:
        Losses(rest);
        break;
    case ["models", .. var rest]:
        switcher.Run(["--filter", "*Benchmarks.Models.*", .. rest], config);
        break;
    case ["weights", .. var rest]:
        switcher.Run(["--filter", "*WeightLoad*", .. rest], config);
        break;
    case ["data", "--ratios"]:
        DataRatios.Run();
        break;
    case ["data", .. var rest]:
        switcher.Run(["--filter", "*DataLoader*", "*DataIndex*", "*Augmentation*", .. rest], config);
        break;
    case ["cache"]:
        await FrameCacheMeasurement.RunAsync();
        break;
    case ["cache", "training"]:
        await CachedTrainingMeasurement.RunAsync();
        break;
    case ["evaluation", "--ratios"]:
        EvaluationRatios.Run();
        break;
    case ["evaluation", .. var rest]:
        switcher.Run(["--filter", "*Benchmarks.Evaluation.*", .. rest], config);
        break;
    case ["training", .. var rest]:
        TrainingMeasurements.Run(rest);
        break;
    case []:
        switcher.Run(["--filter", "*"], config);
        break;
    default:
        switcher.Run(args, config);
        break;
}

// The losses have a configuration of their own; the script's times stand in the same table.
void Losses(string[] rest)
{
    LossPeer.Run();
    switcher.Run(["--filter", "*TclrLoss*", .. rest], DefaultConfig.Instance);
}
