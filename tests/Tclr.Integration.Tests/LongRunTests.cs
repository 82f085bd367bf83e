using Tclr.Core;
using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Integration.Tests;

/// <summary>A long run leaves memory as it found it.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class LongRunTests
{
    private const int Steps = 2000;

    // Compiled code, threads and their heaps take memory until then.
    private const int Settled = 1000;
    private const long ToleratedBytes = 32L << 20;

    [Test]
    public async Task A_thousand_further_steps_leave_tensors_and_memory_where_they_were()
    {
        var tensors = new List<long>();
        var memory = new List<long>();
        using var trainer = new TclrTrainerBuilder()
            .UseClips(new FormulaClips(20, new ViewLayout(2, 4), 3, 8, 16, 16))
            .UseEncoder(VideoEncoders.SmallR3D)
            .UseTclrHead(hidden: 64, embedding: 32)
            .AddTclrLoss()
            .WithBatchSize(2)
            .ForSteps(Steps)
            .ReportTo(new Callback<TrainingProgress>(progress =>
            {
                // Managed garbage may pile up to the size of the processor's cache, which is no leak.
                if (progress.Step % 100 == 0)
                {
                    GC.Collect();
                }

                tensors.Add(Tensor.TotalCount);
                memory.Add(Environment.WorkingSet);
            }))
            .Build();

        await trainer.TrainAsync();

        TestContext.Out.WriteLine(
            $"tensors after {Settled} and {Steps} steps: {tensors[Settled]}, {tensors[^1]}; MiB: {memory[Settled] >> 20}, {memory[^1] >> 20}");
        // The batches that are made ahead are there or not; a leak would be hundreds.
        const int Ahead = 8;
        Assert.That(tensors[^1], Is.EqualTo(tensors[Settled]).Within(Ahead), "tensors alive");
        Assert.That(tensors.Skip(Settled).Max(), Is.EqualTo(tensors[Settled]).Within(Ahead), "at any step");
        Assert.That(memory.TakeLast(100).Min() - memory[Settled], Is.LessThan(ToleratedBytes), "bytes of the process");
    }

    [Test]
    public void Encoders_made_and_disposed_leave_no_memory_behind()
    {
        const int encoders = 200;
        var memory = new List<long>();
        for (int i = 0; i < encoders; i++)
        {
            using var encoder = VideoEncoders.R3D18(new() { WidthMultiplier = 0.5 });
            using var head = ProjectionHeads.Tclr(inFeatures: 256);
            if (i % 10 == 9)
            {
                GC.Collect();
                memory.Add(Environment.WorkingSet);
            }
        }

        TestContext.Out.WriteLine($"MiB after each ten encoders of 33 MB: {string.Join(' ', memory.Select(bytes => bytes >> 20))}");
        Assert.That(memory.TakeLast(5).Min() - memory.Skip(memory.Count / 4).First(), Is.LessThan(ToleratedBytes), "bytes of the process, after the first quarter");
    }
}
