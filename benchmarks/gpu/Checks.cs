using Tclr.Core;
using Tclr.Data;
using Tclr.Losses;
using Tclr.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Gpu;

/// <summary>The device gives what the CPU gives.</summary>
internal sealed class Checks(Table table, Device device)
{
    public void Run()
    {
        foreach (var convention in Enum.GetValues<TclrLossConvention>())
        {
            var options = new TclrLossOptions { Convention = convention, Kernel = LossKernel.Batched };
            table.Check($"TCLR loss ({convention}), float64", () => LossAgrees(new TclrLoss(options), ScalarType.Float64, 1e-11));
            table.Check($"TCLR loss ({convention}), float32", () => LossAgrees(new TclrLoss(options), ScalarType.Float32, 1e-5));
        }

        table.Check("R3D-18 forward, float32", EncoderAgrees);
        table.Check("training, float32", () => TrainingAgrees(caching: false, TrainingPrecision.Float32, 1e-3));
        table.Check("training with gradient caching, float32", () => TrainingAgrees(caching: true, TrainingPrecision.Float32, 1e-3));
        table.Check("training, bfloat16", () => TrainingAgrees(caching: false, TrainingPrecision.BFloat16, 0.1));
        table.Check("checkpoint resumes", Resumes);
        table.Check("augmentation on the device", AugmentationAgrees);
        table.Check("memory is flat over 200 steps", MemoryIsFlat);
    }

    private (bool Holds, string Found) LossAgrees(TclrLoss loss, ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var inputs = new[] { Unit(2, 24, 32), Unit(2, 24, 4, 32), Unit(2, 24, 4, 32) };
        var (onCpu, here) = (Run(CPU), Run(device));
        double worst = onCpu.Zip(here).Max(pair => ((pair.First - pair.Second.cpu()).norm() / pair.First.norm()).ToDouble());
        return (worst <= tolerance, FormattableString.Invariant($"relative difference {worst:0.0e+0}, at most {tolerance:0e+0}"));

        Tensor Unit(params long[] shape) => nn.functional.normalize(randn(shape, dtype: type), dim: -1);

        List<Tensor> Run(Device where)
        {
            var leaves = inputs.Select(input => input.to(where).detach().clone().requires_grad_()).ToList();
            var total = loss.Compute(new TemporalEmbeddings(leaves[0], leaves[1], leaves[2])).Total;
            total.backward();
            return [total.detach(), .. leaves.Select(leaf => leaf.grad!)];
        }
    }

    private (bool Holds, string Found) EncoderAgrees()
    {
        backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32 = false;
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        using var encoder = VideoEncoders.R3D18();
        encoder.Network.eval();
        var clips = rand([2, 3, 16, 64, 64]);
        var onCpu = encoder.Encode(clips);
        encoder.Network.to(device);
        double difference = ((encoder.Encode(clips.to(device)).cpu() - onCpu).norm() / onCpu.norm()).ToDouble();
        return (difference < 1e-4, FormattableString.Invariant($"relative difference {difference:0.0e+0}"));
    }

    private (bool Holds, string Found) TrainingAgrees(bool caching, TrainingPrecision precision, double tolerance)
    {
        using var scope = NewDisposeScope();
        var clips = ReadyClips.Make(6, new ViewLayout(2, 4), 8, 32, pinned: false);
        var (onCpu, here) = (Losses(CPU, TrainingPrecision.Float32, false), Losses(device, precision, caching));
        double worst = onCpu.Zip(here).Max(pair => Math.Abs(pair.First - pair.Second) / pair.First);
        return (worst <= tolerance, $"losses {string.Join(" ", here.Select(loss => loss.ToString("0.####")))}, on the CPU {string.Join(" ", onCpu.Select(loss => loss.ToString("0.####")))}");

        List<double> Losses(Device where, TrainingPrecision with, bool cached)
        {
            var losses = new List<double>();
            using var trainer = Small(clips, where, 4, with, cached).ReportTo(new Progress(step => losses.Add(step.Loss))).Build();
            trainer.TrainAsync().GetAwaiter().GetResult();
            return losses;
        }
    }

    private (bool Holds, string Found) Resumes()
    {
        using var scope = NewDisposeScope();
        var clips = ReadyClips.Make(4, new ViewLayout(2, 4), 8, 32, pinned: false);
        string folder = Directory.CreateTempSubdirectory("tclr-gpu").FullName;
        try
        {
            using (var first = Small(clips, device, 3, TrainingPrecision.BFloat16, false).CheckpointTo(folder).Build())
            {
                first.TrainAsync().GetAwaiter().GetResult();
            }

            using var second = Small(clips, device, 5, TrainingPrecision.BFloat16, false).CheckpointTo(folder).Resume().Build();
            var result = second.TrainAsync().GetAwaiter().GetResult();
            return (second.Step == 5 && result.Completed, $"step {second.Step}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private (bool Holds, string Found) AugmentationAgrees()
    {
        var index = VideoIndex.ScanAsync(MadeVideos.Dataset(4), new VideoIndexOptions { Reader = new MadeVideos() }).GetAwaiter().GetResult();
        double worst = 0;
        foreach (var (augmentation, sampler) in new[] { ((IClipAugmentation)Augmentations.TclrPaper(32), (IClipSampler)ClipSamplers.Tclr(8)), (Augmentations.Cvrl(32), ClipSamplers.Cvrl(8)) })
        {
            using var scope = NewDisposeScope();
            var (onCpu, here) = (Read(false), Read(true));
            worst = Math.Max(worst, (onCpu - here.cpu()).abs().mean().ToDouble());

            Tensor Read(bool onDevice)
            {
                var loader = new ClipLoader(index, new MadeVideos(), sampler, augmentation, new ClipLoaderOptions { AugmentOnDevice = onDevice });
                var batches = loader.ReadAsync(new EpochRequest(3, 0, 4)).GetAsyncEnumerator();
                batches.MoveNextAsync().AsTask().GetAwaiter().GetResult();
                using var batch = batches.Current;
                var clips = batch.To(onDevice ? device : CPU).clone();
                batches.DisposeAsync().AsTask().GetAwaiter().GetResult();
                return clips;
            }
        }

        return (worst < 0.01, FormattableString.Invariant($"mean difference {worst:0.0e+0} of values in [0, 1]"));
    }

    private (bool Holds, string Found) MemoryIsFlat()
    {
        using var scope = NewDisposeScope();
        var clips = ReadyClips.Make(8, new ViewLayout(2, 4), 8, 32, pinned: device.type == DeviceType.CUDA);
        double first = 0, last = 0;
        using var trainer = Small(clips, device, 200, TrainingPrecision.Float32, false).ReportTo(new Progress(step =>
        {
            first = step.Step <= 20 ? DeviceMemory.UsedGiB : first;
            last = DeviceMemory.UsedGiB;
        })).Build();
        trainer.TrainAsync().GetAwaiter().GetResult();
        return (double.IsNaN(first) || last - first < 0.01, FormattableString.Invariant($"{first:0.000} GiB after 20 steps, {last:0.000} after 200"));
    }

    private static TclrTrainerBuilder Small(ReadyClips clips, Device where, int steps, TrainingPrecision precision, bool caching)
        => new TclrTrainerBuilder()
            .UseRecipe(TclrRecipes.Tiny() with { BatchSize = clips.Videos, Steps = steps, Precision = precision, GradientCaching = caching, BatchNormScope = BatchNormScope.PerView, Seed = 1 })
            .UseClips(clips).OnDevice(where);

    private sealed class Progress(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
