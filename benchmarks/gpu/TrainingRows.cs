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
        // Two runs, of which the second is longer: what they share, such as choosing kernels, does not count.
        int more = videos > 16 ? 5 : 10;
        var layout = new ViewLayout(2, 4);
        using var scope = NewDisposeScope();
        var source = ReadyClips.Make(videos, layout, length, size, device.type == DeviceType.CUDA);
        double before = DeviceMemory.UsedGiB, used = 0;
        TimeOf(1);
        var (first, fewer) = TimeOf(2);
        var (second, calls) = TimeOf(2 + more);
        double seconds = (second - first) / more;
        int clips = videos * layout.Count;
        double peak = Ceilings.PerSecond.GetValueOrDefault(precisionName, double.NaN);
        table.Add(
            "training", row, ("clips/s", clips / seconds), ("ms", seconds * 1000), ("share of peak", clips * operations / seconds / peak),
            ("launches", PerStep(count => count.Launches)), ("waits", PerStep(count => count.Synchronizations)), ("GiB", used), ("GiB before", before));

        double PerStep(Func<CallCounts, int> count) => calls is null || fewer is null ? double.NaN : (count(calls) - count(fewer)) / (double)more;

        (double Seconds, CallCounts? Calls) TimeOf(int steps)
        {
            var recipe = TclrRecipes.Ucf101R3D18Reference() with
            {
                Encoder = EncoderRecipe.Of(encoder),
                Head = tiny ? HeadRecipe.Tclr(64, 32) : HeadRecipe.Tclr(),
                BatchSize = videos,
                Epochs = null,
                Steps = steps,
                GradientCaching = caching,
                Precision = precision,
            };
            using var trainer = new TclrTrainerBuilder().UseRecipe(recipe).UseClips(source).OnDevice(device).WithMemoryCheck(false).Build();
            CallCounts? counted = null;
            long start = Stopwatch.GetTimestamp();
            if (CudaCalls.Available)
            {
                counted = CudaCalls.During(Train);
            }
            else
            {
                Train();
            }

            double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
            used = Math.Max(used, DeviceMemory.UsedGiB);
            return (took, counted);

            void Train()
            {
                trainer.TrainAsync().GetAwaiter().GetResult();
                Ceilings.Wait(device);
            }
        }
    }
}
