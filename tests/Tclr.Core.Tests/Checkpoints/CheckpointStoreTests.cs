using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tclr.Weights;
using static TorchSharp.torch;

namespace Tclr.Core.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class CheckpointStoreTests : FolderTests
{
    private string Checkpoints => Folder["c"];

    [Test]
    public async Task A_checkpoint_is_safetensors_JSON_and_a_manifest()
    {
        using var trainer = await TrainAsync(4);

        var checkpoint = Checkpoint.Open(new CheckpointStore(Checkpoints).Newest!);
        checkpoint.Verify();

        Assert.Multiple(() =>
        {
            Assert.That(Directory.GetFiles(checkpoint.Folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "encoder.safetensors", "head.safetensors", "optimizer.safetensors", "state.json", "manifest.json" }));
            Assert.That(checkpoint.Step, Is.EqualTo(4));
            Assert.That((checkpoint.State.TotalSteps, checkpoint.State.Precision), Is.EqualTo((4L, TrainingPrecision.Float32)));
            Assert.That(checkpoint.Settings.Take(7), Is.EqualTo(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Seed"] = "7",
                ["Samples"] = "10",
                ["BatchSize"] = "3",
                ["Accumulation"] = "1",
                ["BatchNormScope"] = "all_views",
                ["VideosPerPass"] = "none",
                ["Optimizer"] = nameof(AdamOptions),
            }));
            Assert.That(checkpoint.EpochLosses, Has.Count.EqualTo(1));
            Assert.That(checkpoint.State.Epoch.Steps, Is.EqualTo(1));
            Assert.That(checkpoint.State.Loss, Is.Null, "in the midst of an epoch");
            Assert.That(checkpoint.State.Environment["threads"], Is.EqualTo("1"));
        });
        using var weights = WeightFile.Open(checkpoint.EncoderPath);
        using var stored = weights["fc.weight"].Read();
        Assert.That(stored.bytes.ToArray(), Is.EqualTo(trainer.Encoder.Network.state_dict()["fc.weight"].bytes.ToArray()));
        using var optimizer = WeightFile.Open(Path.Combine(checkpoint.Folder, "optimizer.safetensors"));
        Assert.That(optimizer.Tensors.Select(tensor => tensor.Name), Is.EquivalentTo(
            from name in new[] { "encoder.fc.weight", "encoder.fc.bias", "head.fc.weight", "head.fc.bias" }
            from part in new[] { "step", "exp_avg", "exp_avg_sq" }
            select $"{name}/{part}"));
    }

    [Test]
    public async Task Its_weights_load_into_an_encoder_and_not_into_another_one()
    {
        using var trainer = await TrainAsync(3);
        var checkpoint = Checkpoint.Open(new CheckpointStore(Checkpoints).Newest!);
        using var encoder = new FakeEncoder();
        using var head = new FakeHead(4);
        using var other = new FakeEncoder(features: 5);

        checkpoint.LoadEncoder(encoder);
        checkpoint.LoadHead(head);

        Assert.That(encoder.state_dict()["fc.weight"].bytes.ToArray(), Is.EqualTo(trainer.Encoder.Network.state_dict()["fc.weight"].bytes.ToArray()));
        Assert.That(head.state_dict()["fc.bias"].bytes.ToArray(), Is.EqualTo(trainer.Head.Network.state_dict()["fc.bias"].bytes.ToArray()));
        Assert.That(() => checkpoint.LoadEncoder(other), Throws.TypeOf<CheckpointException>().With.Message.Contains("'fc.weight': expected Float32 [5,3], got Float32 [4,3]"));
        Assert.That(() => Checkpoint.Open(Folder["nowhere"]), Throws.TypeOf<CheckpointException>().With.Message.Contains("nowhere"));
    }

    // Each way of damage, done to the newest checkpoint: the one before takes its place, and the end is the same to the last bit.
    [TestCase("encoder.safetensors", "cut")]
    [TestCase("encoder.safetensors", "changed")]
    [TestCase("encoder.safetensors", "gone")]
    [TestCase("optimizer.safetensors", "changed")]
    [TestCase("state.json", "gone")]
    [TestCase("state.json", "cut")]
    [TestCase("state.json", "changed")]
    [TestCase("manifest.json", "gone")]
    [TestCase("manifest.json", "cut")]
    [TestCase("head.safetensors", "emptied")]
    public async Task A_damaged_checkpoint_gives_way_to_the_one_before(string file, string damage)
    {
        byte[] straight = await TinyRun.WeightsAfter(TinyRun.Builder().ForSteps(8));
        await CutAfter(5, steps: 8);
        Damage(Path.Combine(new CheckpointStore(Checkpoints).Newest!, file), damage);
        var log = new ListLogger();

        using var resumed = TinyRun.Builder().ForSteps(8).CheckpointTo(Checkpoints, everySteps: 1).Resume().LogTo(log).Build();

        Assert.That(resumed.Step, Is.EqualTo(4));
        Assert.That(log.Lines, Has.Some.Contain("step-00000005").And.Contain("cannot be used").And.Contain("An older checkpoint is used"));
        Assert.That(Path.Combine(Checkpoints, "damaged-step-00000005"), Does.Exist);
        await resumed.TrainAsync();
        Assert.That(TinyRun.Weights(resumed), Is.EqualTo(straight));
    }

    [Test]
    public async Task Where_all_are_damaged_nothing_starts_anew_by_itself()
    {
        await CutAfter(5, steps: 8);
        foreach (string checkpoint in new CheckpointStore(Checkpoints).All)
        {
            Damage(Path.Combine(checkpoint, "head.safetensors"), "cut");
        }

        var error = Assert.Catch<CheckpointException>(() => TinyRun.Builder().ForSteps(8).CheckpointTo(Checkpoints).Resume().Build());

        Assert.That(error.Message, Does.StartWith("None of the ").And.Contain("start anew without resuming").And.Contain("'head.safetensors' has"));
        Assert.That(Directory.GetDirectories(Checkpoints, "step-*"), Is.Not.Empty, "they stay as they are");
    }

    [Test]
    public void Nothing_to_resume_is_said()
    {
        var log = new ListLogger();

        using var trainer = TinyRun.Builder().ForSteps(8).CheckpointTo(Checkpoints).Resume().LogTo(log).Build();

        Assert.That(log.Lines, Has.Some.Contain("Nothing to resume"));
    }

    [Test]
    public async Task What_a_kill_left_behind_is_cleared_away()
    {
        Directory.CreateDirectory(Path.Combine(Checkpoints, ".unfinished-step-00000002"));
        File.WriteAllText(Path.Combine(Checkpoints, ".unfinished-step-00000002", "encoder.safetensors"), "half");

        using var trainer = await TrainAsync(3);

        Assert.That(Directory.GetDirectories(Checkpoints, ".unfinished*"), Is.Empty);
        Assert.That(new CheckpointStore(Checkpoints).All, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Other_threads_are_said()
    {
        await CutAfter(5, steps: 8);
        var log = new ListLogger();

        using var trainer = TinyRun.Builder().ForSteps(8).CheckpointTo(Checkpoints).WithThreads(2).Resume().LogTo(log).Build();

        Assert.That(log.Lines, Has.Some.Contain("continues with threads 2 instead of 1"));
    }

    [Test]
    public async Task A_write_that_fails_stops_the_run_and_leaves_the_checkpoints_before()
    {
        // A file stands where the folder of the fourth checkpoint is to be made.
        Directory.CreateDirectory(Checkpoints);
        File.WriteAllText(Path.Combine(Checkpoints, ".unfinished-step-00000004"), string.Empty);
        using var trainer = TinyRun.Builder().ForSteps(9).CheckpointTo(Checkpoints, everySteps: 1).Build();

        var error = Assert.CatchAsync<CheckpointException>(() => trainer.TrainAsync());

        Assert.That(error.Message, Does.Contain("step-00000004' could not be written").And.Contain("the newest is").And.Contain("step-00000003"));
        Checkpoint.Open(new CheckpointStore(Checkpoints).Newest!).Verify();
    }

    [Test]
    public async Task A_loss_that_remembers_is_part_of_it()
    {
        byte[] straight = await TinyRun.WeightsAfter(TinyRun.Builder().UseLoss(new RememberingLoss()).AddLoss(new FakeLoss()).ForSteps(8));
        using var stop = new CancellationTokenSource();
        using (var cut = TinyRun.Builder().UseLoss(new RememberingLoss()).AddLoss(new FakeLoss()).ForSteps(8).CheckpointTo(Checkpoints).ReportTo(TinyRun.CancelAfter(5, stop)).Build())
        {
            await cut.TrainAsync(stop.Token);
        }

        byte[] resumed = await TinyRun.WeightsAfter(TinyRun.Builder().UseLoss(new RememberingLoss()).AddLoss(new FakeLoss()).ForSteps(8).CheckpointTo(Checkpoints).Resume());

        Assert.That(resumed, Is.EqualTo(straight));
    }

    // What an earlier version wrote: settings in an object of their own, and others by names that have changed since.
    [Test]
    public async Task A_checkpoint_of_format_2_is_resumed()
    {
        byte[] straight = await TinyRun.WeightsAfter(TinyRun.Builder().ForSteps(8));
        await CutAfter(5, steps: 8);
        string saved = new CheckpointStore(Checkpoints).Newest!;
        ToFormat2(saved);
        var log = new ListLogger();

        var other = Assert.Catch<CheckpointException>(() => Run().WithSeed(9).WithPrecision(TrainingPrecision.BFloat16).Build());
        using var resumed = Run().LogTo(log).Build();

        Assert.That(other.Message, Does.Contain("Seed: now 9, checkpoint 7; Precision: now BFloat16, checkpoint Float32."));
        Assert.That(resumed.Step, Is.EqualTo(5));
        Assert.That(log.Lines, Has.Some.Contain("saved in format 2: only Seed, Samples, BatchSize, Accumulation, BatchNormScope, VideosPerPass are compared"));
        await resumed.TrainAsync();
        Assert.That(TinyRun.Weights(resumed), Is.EqualTo(straight));

        TclrTrainerBuilder Run() => TinyRun.Builder().ForSteps(8).CheckpointTo(Checkpoints, everySteps: 1).Resume();
    }

    private static void ToFormat2(string folder)
    {
        string path = Path.Combine(folder, "state.json"), manifestPath = Path.Combine(folder, "manifest.json");
        var state = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        state["format_version"] = 2;
        state.Remove("total_steps");
        state.Remove("precision");
        state["settings"] = JsonNode.Parse(
            """{ "seed": 7, "samples": 10, "batch_size": 3, "accumulation": 1, "total_steps": 8, "optimizer": "AdamOptions", "statistics": "all_views", "videos_per_pass": null, "precision": "float32" }""");
        state["configuration"] = JsonNode.Parse("""{ "Optimizer": "AdamOptions", "Optimizer.Renamed": "True" }""");
        File.WriteAllText(path, state.ToJsonString());
        var manifest = JsonNode.Parse(File.ReadAllText(manifestPath))!;
        byte[] bytes = File.ReadAllBytes(path);
        manifest["files"]!["state.json"] = new JsonObject { ["bytes"] = bytes.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        File.WriteAllText(manifestPath, manifest.ToJsonString());
    }

    private static void Damage(string path, string kind)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (kind)
        {
            case "cut":
                File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
                break;
            case "changed":
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
            case "emptied":
                File.WriteAllBytes(path, []);
                break;
            default:
                File.Delete(path);
                break;
        }
    }

    private async Task<TclrTrainer> TrainAsync(int steps)
    {
        var trainer = TinyRun.Builder().ForSteps(steps).CheckpointTo(Checkpoints).Build();
        await trainer.TrainAsync();
        return trainer;
    }

    private async Task CutAfter(int step, int steps)
    {
        using var stop = new CancellationTokenSource();
        using var cut = TinyRun.Builder().ForSteps(steps).CheckpointTo(Checkpoints, everySteps: 1).ReportTo(TinyRun.CancelAfter(step, stop)).Build();
        await cut.TrainAsync(stop.Token);
    }

    /// <summary>Pushes embeddings away from the mean of all before.</summary>
    private sealed class RememberingLoss : IStatefulLoss
    {
        private float[] mean = [0, 0, 0];

        public LossResult Compute(TemporalEmbeddings embeddings)
        {
            using var scope = NewDisposeScope();
            var away = (embeddings.GlobalPooled * tensor(mean)).sum();
            using (no_grad())
            {
                float[] now = embeddings.GlobalPooled.detach().mean([0, 1]).data<float>().ToArray();
                mean = [.. mean.Select((before, i) => (0.5f * before) + now[i])];
            }

            return new LossResult(away.MoveToOuterDisposeScope(), [new("away", away.detach().MoveToOuterDisposeScope())]);
        }

        public IEnumerable<KeyValuePair<string, Tensor>> SaveState() => [new("mean", tensor(mean))];

        public void RestoreState(IReadOnlyDictionary<string, Tensor> state) => mean = state["mean"].data<float>().ToArray();
    }
}
