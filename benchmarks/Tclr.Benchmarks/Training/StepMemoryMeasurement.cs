using System.Diagnostics;
using System.Globalization;
using Tclr.Core;
using Tclr.Losses;
using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Training;

/// <summary>The trainer's estimate of a step's memory beside the peak that the step reaches, each encoder in a process of its own.</summary>
internal static class StepMemoryMeasurement
{
    public const string Verb = "step-memory";

    private static readonly (string Encoder, int Videos)[] Cases = [("R3D18", 4), ("R2Plus1D18", 2), ("C3D", 4), ("R3D", 4), ("S3D", 8), ("R2D3D18", 8), ("R3D50", 2), ("SmallR3D", 200)];

    public static void Run()
    {
        foreach (var (encoder, videos) in Cases)
        {
            using var process = Process.Start(new ProcessStartInfo(
                Environment.ProcessPath!, [typeof(StepMemoryMeasurement).Assembly.Location, "training", Verb, encoder, videos.ToString(CultureInfo.InvariantCulture)])
            { UseShellExecute = false })!;
            process.WaitForExit();
        }
    }

    public static void Step(string name, int videos)
    {
        Func<VideoEncoder> create = name switch
        {
            "R3D18" => () => VideoEncoders.R3D18(),
            "R2Plus1D18" => () => VideoEncoders.R2Plus1D18(),
            "C3D" => () => VideoEncoders.C3D(),
            "R3D" => () => VideoEncoders.R3D(),
            "S3D" => () => VideoEncoders.S3D(),
            "R2D3D18" => () => VideoEncoders.R2D3D18(),
            "R3D50" => () => VideoEncoders.R3D50(),
            _ => () => VideoEncoders.SmallR3D(),
        };
        long[] clip = name is "SmallR3D" ? [3, 8, 32, 32] : [3, 16, 112, 112];
        using var clips = rand([2, videos, .. clip]);
        using var trainer = new TclrTrainerBuilder().UseClips(new ReadyClips(clips, new ViewLayout(2, 0))).UseEncoder(create).UseTclrHead(64, 32)
            .UseLoss(new InstanceContrastiveLoss()).WithBatchSize(videos).ForSteps(1).WithMemoryCheck(false).Build();
        EncoderCost cost;
        using (var one = zeros([1, .. clip]))
        {
            cost = EncoderCost.Measure(trainer.Encoder, one);
        }

        long weights = 3 * sizeof(float) * trainer.Encoder.Network.parameters().Sum(parameter => parameter.numel());
        long estimate = new StepMemory(cost.ActivationBytes + (clips.numel() / (2 * videos) * sizeof(float)), Views: 2).Whole(videos);
        using var self = Process.GetCurrentProcess();
        long before = self.WorkingSet64;
        trainer.TrainAsync().GetAwaiter().GetResult();
        self.Refresh();
        long peak = self.PeakWorkingSet64 - before;
        Console.WriteLine(FormattableString.Invariant(
            $"memory of a step, {name}, {2 * videos} clips {clip[1]}x{clip[2]}x{clip[3]}: estimate {estimate / 1e6:0} MB, peak {peak / 1e6:0} MB above the start, of it about {weights / 1e6:0} MB gradients and Adam; estimate / rest {estimate / (double)(peak - weights):0.00}"));
    }
}
