using System.Diagnostics;
using Tclr.Core;
using Tclr.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Gpu;

/// <summary>Training steps of the library's trainer with TCLR's reference recipe: clips per second, share of the peak, launches, waits and memory.</summary>
internal static class TrainingRows
{
    public static void Run(Table table, Device device, bool tiny)
    {
        int length = tiny ? 8 : 16, size = tiny ? 32 : 112;
        string encoder = tiny ? "small_r3d" : "r3d18";
        double operations = Operations(encoder, length, size);
        IEnumerable<(string Name, TrainingPrecision Precision, int Videos, bool Caching)> rows = tiny
            ? [("float32", TrainingPrecision.Float32, 4, false), ("float32", TrainingPrecision.Float32, 4, true)]
            : [
                ("float32", TrainingPrecision.Float32, 8, false), ("tf32", TrainingPrecision.TensorFloat32, 8, false), ("bfloat16", TrainingPrecision.BFloat16, 8, false),
                ("tf32", TrainingPrecision.TensorFloat32, 40, true), ("bfloat16", TrainingPrecision.BFloat16, 40, false), ("bfloat16", TrainingPrecision.BFloat16, 64, true),
            ];
        foreach (var (name, precision, videos, caching) in rows)
        {
            string row = $"{encoder} {name} B={videos}{(caching ? " caching" : string.Empty)}";
            try
            {
                Measure(table, device, row, name, encoder, precision, videos, caching, length, size, tiny, operations);
            }
            catch (Exception e)
            {
                table.Add("training", row, ("error", e.ToString().ReplaceLineEndings(" ")));
            }
        }
    }

    // Forward and backward of a clip: three times a forward pass.
    private static double Operations(string encoder, int length, int size)
    {
        using var scope = NewDisposeScope();
        using var network = VideoEncoders.All[encoder](null);
        return 3 * EncoderCost.Measure(network, zeros([1, 3, length, size, size])).Operations;
    }

    private static void Measure(Table table, Device device, string row, string precisionName, string encoder, TrainingPrecision precision, int videos, bool caching, int length, int size, bool tiny, double operations)
    {
        const int Warmup = 2;
        int steps = videos > 16 ? 6 : 10;
        var layout = new ViewLayout(2, 4);
        var recipe = TclrRecipes.Ucf101R3D18Reference() with
        {
            Encoder = EncoderRecipe.Of(encoder),
            Head = !tiny ? HeadRecipe.Tclr() : HeadRecipe.Tclr(64, 32),
            BatchSize = videos,
            Epochs = null,
            Steps = steps,
            GradientCaching = caching,
            Precision = precision,
        };
        var marks = new List<long>();
        CallCounts? calls = null;
        double before = DeviceMemory.UsedGiB, used = 0;
        using (var trainer = new TclrTrainerBuilder().UseRecipe(recipe).UseClips(ReadyClips.Make(videos, layout, length, size, device.type == DeviceType.CUDA))
            .OnDevice(device).WithMemoryCheck(false)
            .ReportTo(new Callback(step =>
            {
                if (step.Step == Warmup || step.Step == steps - 1)
                {
                    Ceilings.Wait(device);
                    marks.Add(Stopwatch.GetTimestamp());
                    used = DeviceMemory.UsedGiB;
                }
            })).Build())
        {
            if (CudaCalls.Available)
            {
                calls = CudaCalls.During(() => trainer.TrainAsync().GetAwaiter().GetResult());
            }
            else
            {
                trainer.TrainAsync().GetAwaiter().GetResult();
            }
        }

        double seconds = Stopwatch.GetElapsedTime(marks[0], marks[^1]).TotalSeconds / (steps - 1 - Warmup);
        int clips = videos * layout.Count;
        double peak = Ceilings.PerSecond.GetValueOrDefault(precisionName, double.NaN);
        table.Add(
            "training", row, ("clips/s", clips / seconds), ("ms", seconds * 1000), ("share of peak", clips * operations / seconds / peak),
            ("launches", (calls?.Launches ?? double.NaN) / steps), ("waits", (calls?.Synchronizations ?? double.NaN) / steps), ("GiB", used), ("GiB before", before));
    }

    private sealed class Callback(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
