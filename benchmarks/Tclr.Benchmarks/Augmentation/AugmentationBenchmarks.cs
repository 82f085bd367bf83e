using BenchmarkDotNet.Attributes;
using Tclr.Core;
using Tclr.Data;

namespace Tclr.Benchmarks;

/// <summary>The ten clips of a TCLR sample, 16x112x112 each, from one window of 64 decoded frames of 320x240; one thread.</summary>
[MemoryDiagnoser]
public class AugmentationBenchmarks
{
    internal const int Samples = 8;
    private readonly float[] clip = new float[3 * 16 * 112 * 112];
    private readonly ClipPlan plan = Views();
    private FrameWindow window = null!;
    private ClipAugmentation augmentation = null!;
    private ulong sample;

    /// <summary>Which steps: all of the recipe, those of the demonstration (real numbers), or none but the resize.</summary>
    [Params("TclrReference", "Demo", "ResizeOnly")]
    public string Preset { get; set; } = string.Empty;

    [GlobalSetup]
    public void Setup()
    {
        augmentation = Preset switch
        {
            "TclrReference" => Augmentations.TclrReference(),
            "Demo" => Augmentations.Demo(112),
            _ => Augmentations.Start().TclrReferenceCrop(0.6, 1).Resize(112).RoundToBytes(),
        };
        window = Picture();
    }

    [GlobalCleanup]
    public void Cleanup() => window.Dispose();

    /// <summary>One sample of ten clips; its parameters differ from call to call.</summary>
    [Benchmark(OperationsPerInvoke = Samples)]
    public float TenClips()
    {
        float sum = 0;
        for (int i = 0; i < Samples; i++)
        {
            sample++;
            for (int view = 0; view < plan.Views.Count; view++)
            {
                var random = CounterRandom.For(1, sample, (ulong)view);
                augmentation.Apply(window, plan.PositionsOf(view), ref random, clip);
                sum += clip[0];
            }
        }

        return sum;
    }

    private static FrameWindow Picture()
    {
        var frames = new FrameWindow(64, 240, 320);
        for (int t = 0; t < frames.Count; t++)
        {
            var frame = frames.FrameToFill(t);
            for (int i = 0; i < frame.Length; i++)
            {
                int x = i / 3 % 320, y = i / 960;
                frame[i] = (byte)(127.5 + (100 * Math.Sin((0.05 * x) + (i % 3) + (0.1 * t)) * Math.Cos((0.04 * y) - (0.5 * (i % 3)))));
            }
        }

        return frames;
    }

    private static ClipPlan Views()
    {
        var random = CounterRandom.For(1);
        return ClipSamplers.Tclr().Plan(new VideoInfo(64, 320, 240, 25), ref random);
    }
}
