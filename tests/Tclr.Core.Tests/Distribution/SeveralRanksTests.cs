using System.Runtime.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core.Tests.Distribution;

/// <summary>Runs of several ranks: what each writes, and that all do the same whatever happens to one.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class SeveralRanksTests : ScopedFolderTests
{
    private const int Steps = 7;

    [TestCase(2, false)]
    [TestCase(4, true)]
    public void All_ranks_end_with_the_same_weights_and_one_writes(int size, bool cached)
    {
        var runs = ThreadJob.Run(size, collective =>
        {
            var steps = new List<long>();
            var builder = Builder(collective).ReportTo(new Callback<TrainingProgress>(progress => steps.Add(progress.Step))).SaveTo(Folder["run"]);
            using var trainer = (cached ? builder.WithGradientCaching() : builder).Build();
            var result = Train(trainer);
            return (Weights: TinyRun.Weights(trainer), Steps: steps, Result: result);
        });

        Assert.That(runs.Select(run => run.Weights), Is.All.EqualTo(runs[0].Weights));
        Assert.That(runs[0].Steps, Has.Count.EqualTo(Steps));
        Assert.That(runs[1..].SelectMany(run => run.Steps), Is.Empty);
        Assert.That(File.ReadAllLines(Folder["run/metrics.jsonl"]), Has.Length.EqualTo(Steps));
        Assert.That(runs.Select(run => (run.Result.Completed, run.Result.Step, run.Result.Checkpoint)), Is.All.EqualTo((true, (long)Steps, new CheckpointStore(Folder["run/checkpoints"]).Newest)));
        Assert.That(runs.Select(run => run.Result.Epochs.Select(epoch => epoch.Loss)), Is.All.EqualTo(runs[0].Result.Epochs.Select(epoch => epoch.Loss)));
    }

    [Test]
    public void The_losses_of_two_steps_are_those_of_one_process()
    {
        var one = Losses(1);

        Assert.That(Losses(2), Is.EqualTo(one).Within(1e-6));
        Assert.That(Losses(4), Is.EqualTo(one).Within(1e-6));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_rank_that_is_canceled_stops_all_at_the_same_step_and_they_resume_bit_for_bit(int canceled)
    {
        byte[][] straight = ThreadJob.Run(2, collective => WeightsAfter(Builder(collective)));
        using var stop = new CancellationTokenSource();
        var stopped = ThreadJob.Run(2, collective =>
        {
            // The source of the rank cancels it while the run goes on.
            var clips = new WatchedClips(request => request.Part == canceled && request.Step == 2, stop.Cancel);
            using var trainer = Builder(collective).UseClips(clips).CheckpointTo(Folder["c"]).Build();
            return Train(trainer, collective.Rank == canceled ? stop.Token : default);
        });

        Assert.That(stopped.Select(result => result.Completed), Is.All.False);
        Assert.That(stopped.Select(result => result.Step), Is.All.EqualTo(stopped[0].Step));
        Assert.That(stopped[0].Step, Is.InRange(1, Steps - 1));
        Assert.That(ThreadJob.Run(2, collective => WeightsAfter(Builder(collective).CheckpointTo(Folder["c"]).Resume())), Is.EqualTo(straight));
    }

    [Test]
    public void A_run_resumes_with_another_number_of_ranks_and_says_so()
    {
        ThreadJob.Run(2, collective => WeightsAfter(Builder(collective).ForSteps(3).CheckpointTo(Folder["c"])));
        var log = new ListLogger();

        var weights = ThreadJob.Run(4, collective => WeightsAfter(Builder(collective).CheckpointTo(Folder["c"]).Resume().LogTo(log)));

        Assert.That(weights, Is.All.EqualTo(weights[0]));
        Assert.That(log.Lines, Has.One.Contains("processes 4 instead of 2"));
        Assert.That(log.Lines, Has.One.Contains("Resumed from"));
    }

    [TestCase(NonFinitePolicy.SkipStep)]
    [TestCase(NonFinitePolicy.RollBack)]
    public void All_ranks_leave_out_the_step_of_bad_clips_of_one(NonFinitePolicy policy)
    {
        var runs = ThreadJob.Run(2, collective =>
        {
            using var trainer = Builder(collective).UseClips(BadClips()).OnNonFinite(policy).CheckpointTo(Folder["c"], everySteps: 1).Build();
            return (Result: Train(trainer), Weights: TinyRun.Weights(trainer));
        });

        Assert.That(runs.Select(run => run.Result.SkippedSteps), Is.All.EqualTo(new[] { 3L }));
        Assert.That(runs.Select(run => run.Result.Completed), Is.All.True);
        Assert.That(runs[1].Weights, Is.EqualTo(runs[0].Weights));
    }

    [Test]
    public void All_ranks_stop_at_bad_clips_of_one_and_name_the_samples()
    {
        var outcomes = ThreadJob.Try(2, collective => WeightsAfter(Builder(collective).UseClips(BadClips())));

        Assert.That(outcomes.Select(outcome => outcome.Error), Is.All.TypeOf<TrainingException>());
        Assert.That(outcomes.Select(outcome => outcome.Error!.Message), Is.All.Contains("Step 3 is not finite").And.All.Contains("samples: 2-0, 2-1; 2-2, 2-3"));
    }

    [Test]
    public void An_error_on_one_rank_is_logged_and_ends_the_job()
    {
        ListLogger[] logs = [new(), new()];
        var outcomes = ThreadJob.Try(2, collective => WeightsAfter(
            Builder(collective).LogTo(logs[collective.Rank]).UseClips(new WatchedClips(request => request is { Part: 1, Step: 2 }, () => throw new InvalidDataException("the disk is gone")))));

        Assert.That(outcomes[1].Error, Is.TypeOf<InvalidDataException>());
        Assert.That(outcomes[0].Error, Is.TypeOf<JobEndedException>().With.Message.EqualTo("Rank 1 of 2 failed. InvalidDataException: the disk is gone"));
        Assert.That(logs[1].Lines, Has.One.StartsWith("Error: Rank 1 of 2 failed"));
    }

    [Test]
    public void Ranks_with_other_settings_are_refused_by_name()
    {
        var outcomes = ThreadJob.Try(3, collective => WeightsAfter(Builder(collective).WithBatchSize(6).WithSeed(collective.Rank == 2 ? 8u : 7u)));

        Assert.That(outcomes.Select(outcome => outcome.Error), Is.All.TypeOf<TclrConfigurationException>());
        Assert.That(outcomes.Select(outcome => outcome.Error!.Message), Is.All.Contains("Seed: rank 2 8, rank 0 7"));
    }

    [Test]
    public void A_rank_that_cannot_build_stops_all()
    {
        using var taken = FolderLock.TakeBeside(Folder["c"]);
        var outcomes = ThreadJob.Try(2, collective => WeightsAfter(Builder(collective).CheckpointTo(Folder["c"])));

        Assert.That(outcomes[0].Error, Is.TypeOf<CheckpointException>());
        Assert.That(outcomes[1].Error, Is.TypeOf<TrainingException>().With.Message.StartsWith("Rank 0 of 2 failed. CheckpointException: "));
    }

    [Test]
    public void All_ranks_start_with_the_weights_of_the_first()
    {
        var weights = ThreadJob.Run(2, collective =>
        {
            using var trainer = Builder(collective).InitializeEncoder("given", encoder => Fill(encoder, collective.Rank + 1)).Build();
            return trainer.Encoder.Network.parameters().Select(parameter => parameter.min().ToDouble()).ToArray();
        });

        Assert.That(weights.SelectMany(values => values), Is.All.EqualTo(1));

        static void Fill(IVideoEncoder encoder, double value)
        {
            using var unrecorded = no_grad();
            foreach (var parameter in encoder.Network.parameters())
            {
                parameter.fill_(value);
            }
        }
    }

    [Test]
    public void A_source_that_reads_whole_batches_is_refused()
    {
        var outcomes = ThreadJob.Try(2, collective => WeightsAfter(Builder(collective).UseClips(new WatchedClips(_ => false, () => { }) { IgnoresParts = true })));

        Assert.That(outcomes.Select(outcome => outcome.Error), Has.Some.TypeOf<TrainingException>().With.Message.Contains("read 4 samples of a batch: expected 2"));
    }

    [Test]
    public void Batches_that_cannot_be_divided_are_refused()
    {
        static string Message(Func<TclrTrainerBuilder, TclrTrainerBuilder> change)
            => ThreadJob.Try(2, collective => WeightsAfter(change(Builder(collective))))[1].Error!.Message;

        Assert.Multiple(() =>
        {
            Assert.That(Message(builder => builder.WithBatchSize(3)), Does.Contain("WithBatchSize with Across: expected a batch size that the 2 processes divide, such as 4, got 3"));
            Assert.That(Message(builder => builder.WithBatchNormScope(BatchNormScope.AllViews, 4)), Does.Contain("a number that divides the 2 videos that each of the 2 processes has"));
            Assert.That(Message(builder => builder.WithLastBatch()), Does.Contain("WithLastBatch with Across"));
        });
    }

    [Test]
    public void A_memory_budget_gives_passes_that_divide_the_videos_of_a_rank()
    {
        var log = new ListLogger();
        ThreadJob.Run(2, collective => WeightsAfter(Builder(collective).WithBatchNormScope(BatchNormScope.PerView).WithBatchSize(8).WithGradientCaching(memoryBudget: 3000).LogTo(log).ForSteps(1)));

        string line = log.Lines.Single(text => text.Contains("Gradient caching", StringComparison.Ordinal));
        Assert.That(line, Does.Contain(": 4 videos in a pass").Or.Contain(": 2 videos in a pass").Or.Contain(": 1 videos in a pass"));
    }

    [Test]
    public void Gradients_that_only_some_ranks_have_are_summed()
    {
        double[][] gradients = ThreadJob.Run(2, collective =>
        {
            using var used = new Parameter(ones(2));
            using var sometimes = new Parameter(ones(2));
            using var never = new Parameter(ones(2));
            var parameters = new TrainedParameters([("used", used), ("sometimes", sometimes), ("never", never)], decayNormsAndBiases: true);
            used.grad = ones(2) * (collective.Rank + 1);
            if (collective.Rank == 1)
            {
                sometimes.grad = ones(2) * 5;
            }

            parameters.ReduceGradients(collective, []);
            return new[] { used, sometimes, never }.Select(parameter => parameter.grad is { } gradient ? gradient[0].ToDouble() : double.NaN).ToArray();
        });

        Assert.That(gradients, Is.All.EqualTo(new[] { 3, 5, double.NaN }));
    }

    [Test]
    public void Statistics_without_momentum_are_refused()
    {
        using var layer = nn.BatchNorm1d(2);
        layer.momentum = null;
        Assert.That(() => new RunningStatistics(ICollective.Local, [layer]), Throws.TypeOf<TclrConfigurationException>().With.Message.Contains("batch normalization with a momentum"));
    }

    [Test]
    public void A_process_by_itself_is_a_collective_of_one()
    {
        var local = ICollective.Local;
        using var tensor = ones(2);
        local.AllReduce(tensor);
        local.Broadcast(tensor);
        local.Barrier();
        local.Abort("nothing");
        using var gathered = local.AllGather(tensor);
        Assert.That((local.Rank, local.Size), Is.EqualTo((0, 1)));
        Assert.That(gathered.data<float>().ToArray(), Is.EqualTo(new[] { 1f, 1f }));
        Assert.That(gathered.Handle, Is.Not.EqualTo(tensor.Handle));
    }

    private static TclrTrainerBuilder Builder(ICollective collective) => TinyRun.Builder()
        .UseClips(new FakeClips(22))
        .UseEncoder(() => new FakeConvolution())
        .WithBatchSize(4)
        .WithBatchNormScope(BatchNormScope.PerView)
        .ForSteps(Steps)
        .Across(collective);

    private static double[] Losses(int size)
        => ThreadJob.Run(size, collective =>
        {
            var losses = new List<double>();
            using var trainer = Builder(collective).WithBatchSize(8).WithBatchNormScope(BatchNormScope.PerView, 2).ForSteps(2).ReportTo(new Callback<TrainingProgress>(progress => losses.Add(progress.Loss))).Build();
            Train(trainer);
            return losses.ToArray();
        })[0];

    private static WatchedClips BadClips() => new(_ => false, () => { }) { Bad = request => request is { Part: 1, Step: 2 } };

    private static TrainingResult Train(TclrTrainer trainer, CancellationToken stop = default) => trainer.TrainAsync(stop).GetAwaiter().GetResult();

    private static byte[] WeightsAfter(TclrTrainerBuilder builder)
    {
        using var trainer = builder.Build();
        Train(trainer);
        return TinyRun.Weights(trainer);
    }

    /// <summary>The clips of <see cref="FakeClips"/>, with something happening before a batch of a part.</summary>
    private sealed class WatchedClips(Func<(int Part, int Step), bool> when, Action what) : IClipSource
    {
        private readonly FakeClips clips = new(22);

        public bool IgnoresParts { get; init; }

        public Func<(int Part, int Step), bool> Bad { get; init; } = _ => false;

        public int SampleCount => clips.SampleCount;

        public ViewLayout Layout => clips.Layout;

        public async IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            int step = request.FirstStep;
            await foreach (var batch in clips.ReadAsync(IgnoresParts ? request with { Part = 0, Parts = 1 } : request, cancellationToken))
            {
                var place = (request.Part, request.Epoch == 0 ? step : -1);
                if (when(place))
                {
                    try
                    {
                        what();
                    }
                    catch
                    {
                        batch.Dispose();
                        throw;
                    }
                }

                if (Bad(place))
                {
                    using var unrecorded = no_grad();
                    using var first = batch.Clips.narrow(1, 0, 1);
                    using var spoilt = first.fill_(float.NaN);
                }

                step++;
                yield return batch;
            }
        }
    }
}
