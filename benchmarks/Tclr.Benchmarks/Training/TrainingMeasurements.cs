using System.Diagnostics;
using System.Globalization;
using Tclr.Core;
using Tclr.Losses;
using Tclr.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Training;

/// <summary>What the trainer adds to a step, what gradient caching costs and saves, and how long a checkpoint holds training up.</summary>
/// <remarks>Not by BenchmarkDotNet: peak memory belongs to a process, and both sides of a ratio take turns step by step.</remarks>
internal static class TrainingMeasurements
{
    private const int Rounds = 5;
    private const int StepsOfARound = 3;
    private const string CachingVerb = "gradient-caching";

    public static void Run(IReadOnlyList<string> arguments)
    {
        if (arguments is [CachingVerb, var cached, var frames, var size])
        {
            CachingStep(bool.Parse(cached), int.Parse(frames, CultureInfo.InvariantCulture), int.Parse(size, CultureInfo.InvariantCulture));
            return;
        }

        if (arguments is [StepMemoryMeasurement.Verb, var encoder, var videos])
        {
            StepMemoryMeasurement.Step(encoder, int.Parse(videos, CultureInfo.InvariantCulture));
            return;
        }

        if (arguments is ["memory"])
        {
            StepMemoryMeasurement.Run();
            return;
        }

        if (arguments is ["overhead"])
        {
            Overhead();
            return;
        }

        Overhead();
        Checkpoints();
        Caching(8, 32);
        Caching(16, 56);
        StepMemoryMeasurement.Run();
    }

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    // R3D-18, two videos with two clips each. On one thread, since waiting threads of OpenMP take processor time too.
    private static void Overhead()
    {
        var layout = new ViewLayout(2, 0);
        using var clips = rand([2, 2, 3, 16, 112, 112]);
        using var encoder = VideoEncoders.R3D18();
        using var head = ProjectionHeads.Tclr();
        using var adam = optim.Adam([.. encoder.parameters(), .. head.parameters()]);
        var loss = new InstanceContrastiveLoss();
        StepClock alone = new(), trainer = new();
        for (int round = 0; round < Rounds; round++)
        {
            // On a thread that ends, as the trainer's does.
            var thread = new Thread(() => Alone(encoder, head, adam, loss, clips, layout, alone));
            thread.Start();
            thread.Join();

            trainer.Restart();
            using var run = new TclrTrainerBuilder().UseClips(new ReadyClips(clips, layout)).UseEncoder(VideoEncoders.R3D18).UseTclrHead().UseLoss(loss)
                .WithBatchSize(2).ForSteps(StepsOfARound + 1).WithThreads(1).ReportTo(trainer).Build();
            run.TrainAsync().GetAwaiter().GetResult();
        }

        Compare("clock", alone.Milliseconds, trainer.Milliseconds);
        Compare("processor", alone.ProcessorMilliseconds, trainer.ProcessorMilliseconds);

        static void Compare(string time, List<double> alone, List<double> trainer)
        {
            double a = StepClock.Median(alone), b = StepClock.Median(trainer);
            Say($"overhead, R3D-18, 2 videos of 2 clips 16x112x112, 1 thread, {time}: encoder, loss and optimizer alone {a:0} ms, trainer {b:0} ms ({100 * ((b / a) - 1):+0.0;-0.0} %); fastest {alone.Min():0} and {trainer.Min():0} ms ({100 * ((trainer.Min() / alone.Min()) - 1):+0.0;-0.0} %)");
        }
    }

    private static void Alone(
        VideoEncoder encoder, ProjectionHead head, TorchSharp.Modules.Adam adam, InstanceContrastiveLoss loss, Tensor clips, ViewLayout layout, StepClock clock)
    {
        set_num_threads(1);
        clock.Restart();
        for (int step = 0; step <= StepsOfARound; step++)
        {
            using (NewDisposeScope())
            {
                using var result = loss.Compute(TemporalEmbeddings.Compute(encoder, head, clips, layout));
                adam.zero_grad();
                result.Total.backward();
                adam.step();
                result.Total.ToDouble();
            }

            clock.Tick();
        }
    }

    private static void Checkpoints()
    {
        string folder = Path.Combine(Path.GetTempPath(), "tclr-checkpoints-" + Guid.NewGuid().ToString("N"));
        try
        {
            var layout = new ViewLayout(2, 0);
            using var clips = rand([2, 2, 3, 16, 32, 32]);
            var configuration = new TrainerConfiguration
            {
                Clips = new ReadyClips(clips, layout),
                Encoder = () => VideoEncoders.R3D18(),
                Head = features => ProjectionHeads.Tclr(features),
                Losses = [(new InstanceContrastiveLoss(), 1)],
                BatchSize = 2,
                Steps = 1,
            };
            using var network = new TrainingNetwork(configuration, TrainingPrecision.Float32, initialize: true);
            var run = new RunState(configuration, TrainingPrecision.Float32, new Dictionary<string, string>(StringComparer.Ordinal));
            var store = new CheckpointStore(folder);
            List<double> held = [], written = [];
            for (int i = 0; i < 6; i++)
            {
                long before = Stopwatch.GetTimestamp();
                using var content = network.Snapshot(run.Save());
                double copied = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
                before = Stopwatch.GetTimestamp();
                store.Save(content);
                if (i > 0)
                {
                    held.Add(copied);
                    written.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
                }
            }

            double megabytes = new DirectoryInfo(store.Newest!).EnumerateFiles().Sum(file => file.Length) / 1e6;
            double a = StepClock.Median(held), b = StepClock.Median(written);
            Say($"checkpoint of R3D-18 with Adam, {megabytes:0} MB: training held {a:0} ms, written, hashed, flushed and read back in {b:0} ms beside it (held {a / b:0.00} of the write)");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Each side in a process of its own, since a process remembers its peak.
    private static void Caching(int frames, int size)
    {
        var (plainBytes, plainTime) = Child(cached: false, frames, size);
        var (cachedBytes, cachedTime) = Child(cached: true, frames, size);
        Say($"gradient caching, small encoder, 40 videos of 10 clips {frames}x{size}x{size}, each view a pass: peak above the start {plainBytes / 1e6:0} MB without, {cachedBytes / 1e6:0} MB with ({plainBytes / cachedBytes:0.0} times less); {plainTime:0} and {cachedTime:0} ms a step ({100 * ((cachedTime / plainTime) - 1):+0;-0} %)");
    }

    private static (double Bytes, double Milliseconds) Child(bool cached, int frames, int size)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(TrainingMeasurements).Assembly.Location, "training", CachingVerb, $"{cached}", $"{frames}", $"{size}"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string[] numbers = process.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.TrimEntries);
        process.WaitForExit();
        return (double.Parse(numbers[0], CultureInfo.InvariantCulture), double.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    private static void CachingStep(bool cached, int frames, int size)
    {
        var layout = new ViewLayout(2, 4);
        using var clips = rand([10, 40, 3, frames, size, size]);
        var clock = new StepClock();
        var builder = new TclrTrainerBuilder().UseClips(new ReadyClips(clips, layout)).UseEncoder(VideoEncoders.SmallR3D, new() { Timesteps = frames == 8 ? null : 4 }).UseTclrHead(64, 32).AddTclrLoss()
            .WithBatchNormScope(BatchNormScope.PerView).WithBatchSize(40).ForSteps(8).ReportTo(clock);
        using var trainer = (cached ? builder.WithGradientCaching() : builder).Build();

        // What libraries take when they are first used is none of the step's.
        using (var two = clips.narrow(1, 0, 2))
        using (var warmUp = new TclrTrainerBuilder().UseClips(new ReadyClips(two, layout)).UseEncoder(VideoEncoders.SmallR3D, new() { Timesteps = frames == 8 ? null : 4 }).UseTclrHead(64, 32).AddTclrLoss()
            .WithBatchNormScope(BatchNormScope.PerView).WithBatchSize(2).ForSteps(2).Build())
        {
            warmUp.TrainAsync().GetAwaiter().GetResult();
        }

        long start = Environment.WorkingSet;
        trainer.TrainAsync().GetAwaiter().GetResult();
        Say($"{Peak() - start} {StepClock.Median(clock.Milliseconds)}");
    }

    private static long Peak()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
