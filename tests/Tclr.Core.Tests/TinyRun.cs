namespace Tclr.Core.Tests;

/// <summary>A run on made-up clips that takes milliseconds.</summary>
internal static class TinyRun
{
    public static TclrTrainerBuilder Builder() => new TclrTrainerBuilder()
        .UseClips(new FakeClips())
        .UseEncoder(() => new FakeEncoder())
        .UseHead(features => new FakeHead(features))
        .UseLoss(new FakeLoss())
        .UseOptimizer(new AdamOptions { LearningRate = 1e-2 })
        .WithBatchSize(3)
        .WithSeed(7)
        .WithThreads(1);

    /// <summary>Trains and gives back all weights as bytes.</summary>
    public static async Task<byte[]> WeightsAfter(TclrTrainerBuilder builder)
    {
        using var trainer = builder.Build();
        await trainer.TrainAsync();
        return Weights(trainer);
    }

    public static byte[] Weights(TclrTrainer trainer)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        trainer.Encoder.Network.save(writer);
        trainer.Head.Network.save(writer);
        return bytes.ToArray();
    }

    /// <summary>A callback that cancels once a step is done.</summary>
    public static Callback<TrainingProgress> CancelAfter(long step, CancellationTokenSource stop) => new(progress =>
    {
        if (progress.Step == step)
        {
            stop.Cancel();
        }
    });
}
