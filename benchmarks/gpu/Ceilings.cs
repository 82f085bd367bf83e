using System.Diagnostics;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Gpu;

/// <summary>What the device reaches on large matrix products: the limits that steps are compared with.</summary>
internal static class Ceilings
{
    /// <summary>Operations per second by precision; filled by <see cref="Run"/>.</summary>
    public static Dictionary<string, double> PerSecond { get; } = new(StringComparer.Ordinal);

    public static void Run(Table table, Device device)
    {
        int size = device.type == TorchSharp.DeviceType.CUDA ? 8192 : 256;
        foreach (var (name, type, tensorFloat) in new[] { ("float32", ScalarType.Float32, false), ("tf32", ScalarType.Float32, true), ("bfloat16", ScalarType.BFloat16, false) })
        {
            backends.cuda.matmul.allow_tf32 = tensorFloat;
            using var scope = NewDisposeScope();
            var (a, b) = (randn(size, size, dtype: type, device: device), randn(size, size, dtype: type, device: device));
            double seconds = Best(() => a.mm(b), device);
            PerSecond[name] = 2.0 * size * size * size / seconds;
            table.Add("ceiling", $"{name} matrix product of {size}", ("Tflop/s", PerSecond[name] / 1e12));
        }
    }

    /// <summary>Seconds of the fastest of ten runs, each of which ends when the device has.</summary>
    public static double Best(Func<Tensor> run, Device device)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < 10; i++)
        {
            using var scope = NewDisposeScope();
            long start = Stopwatch.GetTimestamp();
            run();
            Wait(device);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    public static void Wait(Device device)
    {
        if (device.type == TorchSharp.DeviceType.CUDA)
        {
            cuda.synchronize();
        }
    }
}
