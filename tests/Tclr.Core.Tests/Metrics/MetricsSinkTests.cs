using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;

namespace Tclr.Core.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class MetricsSinkTests : FolderTests
{
    [Test]
    public async Task Each_step_is_a_line_of_JSON()
    {
        var seen = new List<TrainingProgress>();
        using var trainer = TinyRun.Builder().ForSteps(4).WriteMetricsTo(Folder["m.jsonl"]).ReportTo(new Callback<TrainingProgress>(seen.Add)).Build();

        await trainer.TrainAsync();

        var lines = File.ReadLines(Folder["m.jsonl"]).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.That(lines[0].Select(entry => entry.Key), Is.EqualTo(new[]
        {
            "step", "epoch", "loss", "terms", "embedding_deviation", "temporal_similarity", "gradient_norm", "learning_rate", "clips_per_second", "data_wait_seconds",
        }));
        Assert.That(lines[0]["terms"]!.AsObject().Select(entry => entry.Key), Is.EqualTo(new[] { "alignment", "spread" }));
        Assert.That(lines.Select(line => line["loss"]!.GetValue<double>()), Is.EqualTo(seen.Select(progress => progress.Loss)));
        Assert.That(lines.Select(line => line["epoch"]!.GetValue<int>()), Is.EqualTo((int[])[0, 0, 0, 1]));
    }

    // The same numbers as a run that never stopped, whatever a kill left at the end of the file.
    [TestCase("")]
    [TestCase("""{"step":5,"epoch":1,"lo""")]
    [TestCase("garbage\n")]
    public async Task Metrics_of_a_resumed_run_are_those_of_a_straight_one(string left)
    {
        using (var straight = TinyRun.Builder().ForSteps(8).WriteMetricsTo(Folder["straight.jsonl"]).Build())
        {
            await straight.TrainAsync();
        }

        using var stop = new CancellationTokenSource();
        using (var cut = TinyRun.Builder().ForSteps(8).CheckpointTo(Folder["c"]).WriteMetricsTo(Folder["m.jsonl"]).ReportTo(TinyRun.CancelAfter(4, stop)).Build())
        {
            await cut.TrainAsync(stop.Token);
        }

        await File.AppendAllTextAsync(Folder["m.jsonl"], left);
        using var resumed = TinyRun.Builder().ForSteps(8).CheckpointTo(Folder["c"]).WriteMetricsTo(Folder["m.jsonl"]).Resume().Build();
        await resumed.TrainAsync();

        Assert.That(Numbers(Folder["m.jsonl"]), Is.EqualTo(Numbers(Folder["straight.jsonl"])));
    }

    [Test]
    public void A_last_line_without_its_end_is_kept_and_ended()
    {
        File.WriteAllText(Folder["m.jsonl"], "{\"step\":1}\n{\"step\":2}");

        using (var sink = new JsonLinesSink(Folder["m.jsonl"]))
        {
            sink.Begin(2);
            sink.WriteStep(new TrainingProgress(3, 9, 0, double.NaN, EpochSums.None.Terms, 1, 1, TimeSpan.Zero, TimeSpan.Zero) { Skipped = true });
        }

        Assert.That(File.ReadAllLines(Folder["m.jsonl"]).Select(line => JsonNode.Parse(line)!["step"]!.GetValue<int>()), Is.EqualTo((int[])[1, 2, 3]));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows does not delete files that are open")]
    public async Task A_file_that_is_deleted_during_the_run_is_written_again()
    {
        using (var straight = TinyRun.Builder().ForSteps(8).WriteMetricsTo(Folder["straight.jsonl"]).Build())
        {
            await straight.TrainAsync();
        }

        var delete = new Callback<TrainingProgress>(progress =>
        {
            if (progress.Step is 2 or 5)
            {
                Directory.Delete(Folder["metrics"], recursive: true);
            }
        });
        using var trainer = TinyRun.Builder().ForSteps(8).CheckpointTo(Folder["c"], everySteps: 2).WriteMetricsTo(Folder["metrics/m.jsonl"]).ReportTo(delete).Build();
        await trainer.TrainAsync();

        Assert.That(Numbers(Folder["metrics/m.jsonl"]), Is.EqualTo(Numbers(Folder["straight.jsonl"])));
    }

    [Test]
    public async Task Epoch_means_of_a_resumed_run_take_in_the_steps_before()
    {
        IReadOnlyList<EpochResult> straight, resumed;
        using (var trainer = TinyRun.Builder().ForSteps(8).Build())
        {
            straight = (await trainer.TrainAsync()).Epochs;
        }

        using var stop = new CancellationTokenSource();
        using (var cut = TinyRun.Builder().ForSteps(8).CheckpointTo(Folder["c"]).ReportTo(TinyRun.CancelAfter(4, stop)).Build())
        {
            await cut.TrainAsync(stop.Token);
        }

        using (var rest = TinyRun.Builder().ForSteps(8).CheckpointTo(Folder["c"]).Resume().Build())
        {
            resumed = (await rest.TrainAsync()).Epochs;
        }

        Assert.That(resumed[0].Epoch, Is.EqualTo(1));
        Assert.That(resumed[0].Loss, Is.EqualTo(straight[1].Loss));
        Assert.That(resumed[0].Terms, Is.EqualTo(straight[1].Terms));
    }

    [Test]
    public async Task TensorBoard_gets_every_number()
    {
        using (var trainer = TinyRun.Builder().ForSteps(4).WriteTensorBoardTo(Folder["tb"]).Build())
        {
            await trainer.TrainAsync();
        }

        string text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Directory.GetFiles(Folder["tb"]).Single()));
        foreach (string tag in new[] { "loss/total", "loss/alignment", "embeddings/deviation", "training/gradient_norm", "training/learning_rate", "speed/clips_per_second", "speed/device_share", "epoch/loss" })
        {
            Assert.That(text, Does.Contain(tag));
        }
    }

    [Test]
    public async Task The_meter_of_training_counts_steps_and_records_the_loss()
    {
        long steps = 0;
        var losses = new List<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (string.Equals(instrument.Meter.Name, "Tclr.Training", StringComparison.Ordinal))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => steps += instrument.Name is "tclr.training.steps" ? value : 0);
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (instrument.Name is "tclr.training.loss" && tags[0].Value is "total")
            {
                losses.Add(value);
            }
        });
        listener.Start();
        var seen = new List<TrainingProgress>();
        using var trainer = TinyRun.Builder().ForSteps(4).ReportTo(new Callback<TrainingProgress>(seen.Add)).Build();

        await trainer.TrainAsync();

        Assert.That(steps, Is.EqualTo(4));
        Assert.That(losses, Is.EqualTo(seen.Select(progress => progress.Loss)));
    }

    [Test]
    public async Task The_share_of_the_device_is_counted_from_the_layers_of_the_encoder()
    {
        var seen = new List<TrainingProgress>();
        using var trainer = TinyRun.Builder().ForSteps(2).ReportTo(new Callback<TrainingProgress>(seen.Add)).Build();

        await trainer.TrainAsync();

        Assert.That(seen.Select(progress => progress.DeviceShare), Is.All.GreaterThan(0).And.All.LessThan(1));
    }

    [Test]
    public async Task A_sink_receives_the_start_the_steps_the_epochs_and_the_end()
    {
        var sink = new RecordingSink();
        using var trainer = TinyRun.Builder().ForSteps(4).CheckpointTo(Folder["c"]).AddMetricsSink(sink).Build();

        await trainer.TrainAsync();

        Assert.That(sink.Calls, Is.EqualTo(new[] { "begin 0", "step 1", "step 2", "step 3", "epoch 0", "flush", "step 4", "flush", "complete" }));
    }

    [Test]
    public async Task A_sink_begins_again_where_the_run_rolls_back()
    {
        var sink = new RecordingSink();
        using var trainer = TinyRun.Builder().UseLoss(new FakeLoss { BadTerm = call => call == 2 ? "spread" : null }).ForSteps(2)
            .CheckpointTo(Folder["c"]).OnNonFinite(NonFinitePolicy.RollBack).AddMetricsSink(sink).Build();

        await trainer.TrainAsync();

        Assert.That(sink.Calls, Is.EqualTo(new[] { "begin 0", "flush", "step 1", "begin 0", "step 1", "step 2", "flush", "complete" }));
    }

    [Test]
    public async Task A_sink_that_fails_is_logged_and_left_out_and_the_run_continues()
    {
        var log = new ListLogger();
        var failing = new RecordingSink { FailsAt = "step 2" };
        var seen = new List<TrainingProgress>();
        using var trainer = TinyRun.Builder().ForSteps(4).AddMetricsSink(failing).ReportTo(new Callback<TrainingProgress>(seen.Add)).LogTo(log).Build();

        var result = await trainer.TrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(result.Completed, Is.True);
            Assert.That(failing.Calls, Is.EqualTo(new[] { "begin 0", "step 1" }));
            Assert.That(seen, Has.Count.EqualTo(4), "other sinks go on");
            Assert.That(log.Lines.Count(line => line.Contains("RecordingSink failed", StringComparison.Ordinal)), Is.EqualTo(1));
        });
    }

    [Test]
    public void A_sink_that_cannot_begin_ends_the_run_before_its_first_step()
    {
        Directory.CreateDirectory(Folder["m.jsonl"]);
        var other = new RecordingSink();
        using var trainer = TinyRun.Builder().ForSteps(4).AddMetricsSink(other).WriteMetricsTo(Folder["m.jsonl"]).Build();

        var error = Assert.CatchAsync<TrainingException>(() => trainer.TrainAsync());

        Assert.That(error.Message, Does.Contain("JsonLinesSink").And.Contain("m.jsonl").And.Contain("cannot begin"));
        Assert.That(trainer.Step, Is.Zero);
        Assert.That(other.Calls, Is.EqualTo(new[] { "begin 0", "complete" }));
    }

    [Test]
    public void Two_sinks_of_one_file_are_refused()
    {
        var error = Assert.Catch<TclrConfigurationException>(() => TinyRun.Builder().ForSteps(1).WriteMetricsTo(Folder["m.jsonl"]).WriteMetricsTo(Folder["m.jsonl"]).Build());

        Assert.That(error.Problems.Single(), Does.StartWith("AddMetricsSink: expected one metrics sink for each file or folder").And.Contain("m.jsonl"));
    }

    private sealed class RecordingSink : IMetricsSink
    {
        public List<string> Calls { get; } = [];

        public string? FailsAt { get; init; }

        public void Begin(long step) => Add($"begin {step}");

        public void WriteStep(TrainingProgress step) => Add($"step {step.Step}");

        public void WriteEpoch(EpochResult epoch) => Add($"epoch {epoch.Epoch}");

        public void Flush() => Add("flush");

        public void Complete() => Add("complete");

        private void Add(string call)
        {
            if (string.Equals(call, FailsAt, StringComparison.Ordinal))
            {
                throw new IOException("disk full");
            }

            Calls.Add(call);
        }
    }

    private static string[] Numbers(string file)
        => [.. File.ReadLines(file).Select(line => line[..line.IndexOf("\"clips_per_second\"", StringComparison.Ordinal)])];
}
