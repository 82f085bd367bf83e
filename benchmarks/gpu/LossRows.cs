using System.Diagnostics;
using Tclr.Core;
using Tclr.Losses;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Gpu;

/// <summary>The whole TCLR loss, forward and backward: time, kernel launches and memory.</summary>
internal static class LossRows
{
    private const int Timesteps = 4;
    private const int Dimension = 128;

    public static void Run(Table table, Device device, IReadOnlyList<int> batches)
    {
        var loss = new TclrLoss(new TclrLossOptions { Kernel = device.type == TorchSharp.DeviceType.CUDA ? LossKernel.Automatic : LossKernel.Batched });
        foreach (int batch in batches)
        {
            using var scope = NewDisposeScope();
            var inputs = new[] { Unit(2, batch, Dimension), Unit(2, batch, Timesteps, Dimension), Unit(2, batch, Timesteps, Dimension) };
            for (int i = 0; i < 3; i++)
            {
                Step();
            }

            double before = DeviceMemory.UsedGiB;
            var times = new List<double>();
            for (int i = 0; i < 20; i++)
            {
                long start = Stopwatch.GetTimestamp();
                Step();
                Ceilings.Wait(device);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            times.Sort();
            var calls = CudaCalls.Available ? CudaCalls.During(Step) : null;
            table.Add(
                "loss", $"TCLR, B={batch}, T={Timesteps}, D={Dimension}", ("median ms", times[times.Count / 2]), ("best ms", times[0]),
                ("launches", calls?.Launches ?? double.NaN), ("copies", calls?.Copies ?? double.NaN), ("waits", calls?.Synchronizations ?? double.NaN), ("GiB in use", before));

            Tensor Unit(params long[] shape)
            {
                using var inner = NewDisposeScope();
                return nn.functional.normalize(randn(shape, device: device), dim: -1).detach().requires_grad_().MoveToOuterDisposeScope();
            }

            void Step()
            {
                using var step = NewDisposeScope();
                foreach (var input in inputs)
                {
                    input.grad = null;
                }

                var result = loss.Compute(new TemporalEmbeddings(inputs[0].alias(), inputs[1].alias(), inputs[2].alias()));
                result.Total.backward();
            }
        }
    }
}
