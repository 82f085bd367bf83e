using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Tclr.Core.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class StepBatchesTests : FolderTests
{
    [Test]
    public async Task The_next_batch_is_made_on_the_device_during_a_step()
    {
        var clips = new MadeClips();
        using var trainer = TinyRun.Builder().UseClips(clips).ForSteps(3).ReportTo(new Callback<TrainingProgress>(progress => clips.Events.Add($"step {progress.Step}"))).Build();

        await trainer.TrainAsync();

        Assert.That(clips.Events, Is.EqualTo((string[])["read 0 0 3", "make 0-0", "make 0-1", "step 1", "make 0-2", "step 2", "step 3"]));
    }

    [Test]
    public async Task The_next_epoch_begins_when_the_last_batch_of_this_one_is_there()
    {
        var clips = new MadeClips();
        using var trainer = TinyRun.Builder().UseClips(clips).ForSteps(7).ReportTo(new Callback<TrainingProgress>(progress => clips.Events.Add($"step {progress.Step}"))).Build();

        await trainer.TrainAsync();

        Assert.That(clips.Events.Where(line => !line.StartsWith("make", StringComparison.Ordinal)), Is.EqualTo((string[])
            ["read 0 0 4", "step 1", "step 2", "read 1 0 3", "step 3", "step 4", "step 5", "step 6", "step 7"]));
    }

    [Test]
    public async Task Accumulated_batches_are_read_ahead_one_at_a_time()
    {
        var clips = new MadeClips();
        using var trainer = TinyRun.Builder().UseClips(clips).WithAccumulation(2).ForSteps(3).ReportTo(new Callback<TrainingProgress>(progress => clips.Events.Add($"step {progress.Step}"))).Build();

        await trainer.TrainAsync();

        Assert.That(clips.Events, Is.EqualTo((string[])
            ["read 0 0 4", "make 0-0", "make 0-1", "make 0-2", "step 1", "read 1 0 2", "make 0-3", "make 1-0", "step 2", "make 1-1", "step 3"]));
    }

    [Test]
    public void With_gradient_caching_ready_clips_stay_where_they_are()
    {
        using var scope = NewDisposeScope();
        var clips = ones([4, 3, 3, 4, 2, 2]);
        using var batch = new ClipBatch(clips, new ViewLayout(2, 1), ["a", "b", "c"]);

        batch.MoveTo(META, keepReady: true);
        Assert.That(batch.Clips, Is.SameAs(clips));

        batch.MoveTo(META, keepReady: false);
        Assert.That(batch.Clips.device_type, Is.EqualTo(TorchSharp.DeviceType.META));
        Assert.That(clips.IsInvalid, Is.True, "the clips of the host are released");
    }

    [Test]
    public async Task A_fault_of_a_batch_read_ahead_ends_the_run_after_the_steps_before_it()
    {
        var seen = new List<long>();
        using var trainer = TinyRun.Builder().UseClips(new MadeClips { Fault = (0, 2) }).ForSteps(4).ReportTo(new Callback<TrainingProgress>(progress => seen.Add(progress.Step))).Build();

        var error = Assert.CatchAsync<InvalidDataException>(() => trainer.TrainAsync());

        Assert.That(error.Message, Is.EqualTo("batch 0-2"));
        Assert.That(seen, Is.EqualTo((long[])[1, 2]));
        await Task.CompletedTask;
    }

    [Test]
    public async Task A_fault_at_the_start_of_an_epoch_ends_the_run_after_the_epoch_before_it()
    {
        using var trainer = TinyRun.Builder().UseClips(new MadeClips { Fault = (1, 0) }).ForSteps(8).Build();
        var epochs = new List<EpochResult>();

        var error = Assert.CatchAsync<InvalidDataException>(async () =>
        {
            await foreach (var epoch in trainer.TrainEpochsAsync())
            {
                epochs.Add(epoch);
            }
        });

        Assert.That(error.Message, Is.EqualTo("batch 1-0"));
        Assert.That(epochs.ConvertAll(epoch => epoch.Step), Is.EqualTo((long[])[4]));
        await Task.CompletedTask;
    }

    [TestCase("0-0", 0)]
    [TestCase("0-2", 2)]
    public void Clips_that_cannot_be_made_end_the_run_and_are_released(string broken, int steps)
    {
        using var trainer = TinyRun.Builder().UseClips(new MadeClips { Broken = broken }).ForSteps(4).Build();

        var error = Assert.CatchAsync<InvalidDataException>(() => trainer.TrainAsync());

        Assert.That(error.Message, Is.EqualTo("clips " + broken));
        Assert.That(trainer.Step, Is.EqualTo(steps), "the steps before it are done");
    }

    [Test]
    public async Task A_canceled_run_trains_no_batch_that_was_read_ahead()
    {
        using var stop = new CancellationTokenSource();
        using var trainer = TinyRun.Builder().UseClips(new MadeClips()).ForSteps(8).ReportTo(TinyRun.CancelAfter(2, stop)).Build();

        Assert.That((await trainer.TrainAsync(stop.Token)).Step, Is.EqualTo(2));
    }

    /// <summary>Clips of four batches of three videos an epoch, made where they are asked for. It never waits.</summary>
    private sealed class MadeClips : IClipSource
    {
        public int SampleCount => 12;

        public ViewLayout Layout { get; } = new(2, 2);

        public List<string> Events { get; } = [];

        /// <summary>Epoch and step of a batch that cannot be read.</summary>
        public (int Epoch, int Step) Fault { get; init; } = (-1, -1);

        /// <summary>A batch whose clips cannot be made.</summary>
        public string? Broken { get; init; }

        public async IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            Events.Add($"read {request.Epoch} {request.FirstStep} {request.BatchCount}");
            for (int step = request.FirstStep; step < 4; step++)
            {
                string name = $"{request.Epoch}-{step}";
                if (Fault == (request.Epoch, step))
                {
                    throw new InvalidDataException("batch " + name);
                }

                var frames = arange(3L * Layout.Count * 48, ScalarType.Float32).DetachFromDisposeScope();
                yield return new ClipBatch(device => Make(frames, name, device), frames, Layout, [name, name, name]);
            }
        }

        private Tensor Make(Tensor frames, string name, Device device)
        {
            Events.Add("make " + name);
            if (string.Equals(name, Broken, StringComparison.Ordinal))
            {
                throw new InvalidDataException("clips " + name);
            }

            using var scope = NewDisposeScope();
            return frames.cos().view(Layout.Count, 3, 3, 4, 2, 2).to(device).MoveToOuterDisposeScope();
        }
    }
}
