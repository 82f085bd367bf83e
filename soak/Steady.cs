using System.Globalization;
using Tclr.Core;
using Tclr.Data;
using Tclr.Testing;
using static TorchSharp.torch;

namespace Tclr.Soak;

/// <summary>Trains for many steps and watches what must not grow: tensors alive, memory, open files, threads.</summary>
internal static class Steady
{
    private const int BatchSize = 2;
    private const int Samples = 50;
    private const int Reports = 20;

    // Figures of the second half, against those at its start.
    private const long ToleratedTensors = 16;
    private const long ToleratedBytes = 48L << 20;
    private const int ToleratedHandles = 4;

    public static async Task<int> RunAsync(int steps, string folder)
    {
        var index = await VideoIndex.ScanAsync(SmallVideos.Write(Path.Combine(folder, "videos"), Samples));
        var recipe = TclrRecipes.Tiny() with { BatchSize = BatchSize, Steps = steps, Clips = TclrRecipes.Tiny().Clips with { Size = 16 } };
        var figures = new List<(long Step, long Tensors, long Bytes, int Files, int Threads)>();
        Console.WriteLine("step     samples  tensors  MiB    files  threads");
        using var trainer = new TclrTrainerBuilder().UseRecipe(recipe).FromVideos(index, recipe, new FrameCache(Path.Combine(folder, "frames")).Wrap(new OpenCvVideoReader()))
            .SaveTo(Path.Combine(folder, "run"), everySteps: Math.Max(1, steps / 10))
            .ReportTo(new Callback<TrainingProgress>(progress =>
            {
                if (progress.Step % Math.Max(1, steps / Reports) == 0)
                {
                    GC.Collect();
                    var now = (progress.Step, Tensor.TotalCount, Environment.WorkingSet, Files(), Threads());
                    figures.Add(now);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now.Step,-8} {now.Step * BatchSize,-8} {now.TotalCount,-8} {now.WorkingSet >> 20,-6} {now.Item4,-6} {now.Item5}"));
                }
            }))
            .Build();
        await trainer.TrainAsync();

        var second = figures.Skip(figures.Count / 2).ToList();
        bool flat = second.Max(now => now.Tensors) - second[0].Tensors <= ToleratedTensors
            && second.Min(now => now.Bytes) + ToleratedBytes >= second[^1].Bytes
            && second[^1].Files - second[0].Files <= ToleratedHandles
            && second[^1].Threads - second[0].Threads <= ToleratedHandles;
        Console.WriteLine(flat ? "flat" : "something grows");
        return flat ? 0 : 1;
    }

    private static int Files() => Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : System.Diagnostics.Process.GetCurrentProcess().HandleCount;

    private static int Threads() => System.Diagnostics.Process.GetCurrentProcess().Threads.Count;
}
