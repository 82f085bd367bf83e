namespace Tclr.Core.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class NonFiniteTests : FolderTests
{
    [TestCase("alignment", 2, "Step 2 is not finite: loss = NaN, alignment = NaN, gradient_norm = NaN; samples: 1-0, 1-1, 1-2.")]
    [TestCase("spread", 5, "Step 5 is not finite: loss = NaN, spread = NaN, gradient_norm = NaN; samples: 1-0, 1-1, 1-2.")]
    public void A_term_that_is_no_number_is_named_with_step_and_samples(string term, int step, string message)
    {
        using var trainer = Builder(call => call == step ? term : null).Build();

        var error = Assert.CatchAsync<TrainingException>(() => trainer.TrainAsync());

        Assert.That(error.Message, Does.StartWith(message));
        Assert.That(trainer.Step, Is.EqualTo(step - 1));
        Assert.That(AllFinite(trainer), Is.True, "the weights are those of the step before");
    }

    [Test]
    public void A_gradient_that_is_no_number_is_named_with_its_parameters()
    {
        using var trainer = Builder(call => call == 2 ? "spread" : null, onlyGradient: true).Build();

        var error = Assert.CatchAsync<TrainingException>(() => trainer.TrainAsync());

        Assert.That(error.Message, Does.StartWith("Step 2 is not finite: gradient_norm = NaN, in the gradients of 'encoder.fc.weight', 'encoder.fc.bias', 'head.fc.weight', 'head.fc.bias'; samples: 1-0"));
    }

    [Test]
    public async Task A_step_can_be_left_out_as_if_it_had_not_been()
    {
        var seen = new List<TrainingProgress>();
        using var trainer = Builder(call => call == 2 ? "spread" : null).OnNonFinite(NonFinitePolicy.SkipStep).ReportTo(new Callback<TrainingProgress>(seen.Add)).WriteMetricsTo(Folder["m.jsonl"]).Build();

        var result = await trainer.TrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(result.SkippedSteps, Is.EqualTo((long[])[2]));
            Assert.That(seen.Where(progress => progress.Skipped).Select(progress => progress.Step), Is.EqualTo((long[])[2]));
            Assert.That(seen, Has.Count.EqualTo(6));
            Assert.That(result.Epochs[0].Loss, Is.EqualTo((seen[0].Loss + seen[2].Loss) / 2).Within(1e-12), "the mean of those that count");
            Assert.That(File.ReadLines(Folder["m.jsonl"]).ElementAt(1), Does.StartWith("""{"step":2,"epoch":0,"skipped":true,"""));
            Assert.That(AllFinite(trainer), Is.True);
        });
    }

    [Test]
    public async Task Running_statistics_of_a_step_that_is_left_out_are_taken_back()
    {
        byte[] straight = await TinyRun.WeightsAfter(Convolution(_ => null).ForSteps(1));
        byte[] skipped = await TinyRun.WeightsAfter(Convolution(call => call == 2 ? "spread" : null).OnNonFinite(NonFinitePolicy.SkipStep).ForSteps(2));

        Assert.That(skipped, Is.EqualTo(straight));

        static TclrTrainerBuilder Convolution(Func<int, string?> bad)
            => TinyRun.Builder().UseEncoder(() => new FakeConvolution()).UseLoss(new FakeLoss { BadTerm = bad });
    }

    [Test]
    public async Task A_run_can_go_back_to_its_checkpoint_and_leave_the_step_out()
    {
        byte[] skipped = await TinyRun.WeightsAfter(Builder(call => call == 5 ? "spread" : null).OnNonFinite(NonFinitePolicy.SkipStep));
        var log = new ListLogger();
        using var trainer = Builder(call => call == 5 ? "spread" : null).OnNonFinite(NonFinitePolicy.RollBack)
            .CheckpointTo(Folder["c"]).WriteMetricsTo(Folder["m.jsonl"]).WriteTensorBoardTo(Folder["tb"]).LogTo(log).Build();

        var result = await trainer.TrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(result.Completed, Is.True);
            Assert.That(result.SkippedSteps, Is.EqualTo((long[])[5]));
            Assert.That(log.Lines, Has.Some.Contain("Rolled back to step 3: Step 5 is not finite"));
            Assert.That(File.ReadLines(Folder["m.jsonl"]).Select(line => line[..9]), Is.EqualTo(Enumerable.Range(1, 6).Select(step => $$"""{"step":{{step}}""")));
            Assert.That(TinyRun.Weights(trainer), Is.EqualTo(skipped), "on the same clips, what is left out is the same");
        });
    }

    [Test]
    public void Going_back_again_and_again_comes_to_an_end()
    {
        using var trainer = Builder(call => call > 3 ? "spread" : null).OnNonFinite(NonFinitePolicy.RollBack).ForSteps(100).CheckpointTo(Folder["c"]).Build();

        var error = Assert.CatchAsync<TrainingException>(() => trainer.TrainAsync());

        Assert.That(error.Message, Does.Contain("The 10 failing steps before it were skipped").And.Contain("without progress"));
        Checkpoint.Open(new CheckpointStore(Folder["c"]).Newest!).Verify();
    }

    [Test]
    public async Task A_run_that_left_steps_out_resumes_bit_for_bit()
    {
        byte[] straight = await TinyRun.WeightsAfter(Builder(call => call == 2 ? "spread" : null).OnNonFinite(NonFinitePolicy.SkipStep));
        using var stop = new CancellationTokenSource();
        using (var cut = Builder(call => call == 2 ? "spread" : null).OnNonFinite(NonFinitePolicy.SkipStep).CheckpointTo(Folder["c"]).ReportTo(TinyRun.CancelAfter(4, stop)).Build())
        {
            await cut.TrainAsync(stop.Token);
        }

        using var resumed = Builder(_ => null).OnNonFinite(NonFinitePolicy.SkipStep).CheckpointTo(Folder["c"]).Resume().Build();
        var result = await resumed.TrainAsync();

        Assert.That(TinyRun.Weights(resumed), Is.EqualTo(straight));
        Assert.That(result.SkippedSteps, Is.EqualTo((long[])[2]));
    }

    // Step 6 fails, the run returns to step 3 and stops after step 5: the first step of the resumed run is the skipped one.
    [Test]
    public async Task A_run_resumes_at_a_step_that_is_skipped()
    {
        using var stop = new CancellationTokenSource();
        int fifth = 0;
        using (var cut = Builder(call => call == 6 ? "spread" : null).ForSteps(9).OnNonFinite(NonFinitePolicy.RollBack).CheckpointTo(Folder["c"]).ReportTo(new Callback<TrainingProgress>(StopTheSecondTime)).Build())
        {
            Assert.That((await cut.TrainAsync(stop.Token)).Step, Is.EqualTo(5));
        }

        using var resumed = Builder(_ => null).ForSteps(9).OnNonFinite(NonFinitePolicy.RollBack).CheckpointTo(Folder["c"]).Resume().Build();
        var result = await resumed.TrainAsync();

        Assert.That((result.Completed, result.SkippedSteps.Single()), Is.EqualTo((true, 6L)));

        void StopTheSecondTime(TrainingProgress progress)
        {
            if (progress.Step == 5 && ++fifth == 2)
            {
                stop.Cancel();
            }
        }
    }

    private static TclrTrainerBuilder Builder(Func<int, string?> bad, bool onlyGradient = false)
        => TinyRun.Builder().UseLoss(new FakeLoss { BadTerm = bad, OnlyGradient = onlyGradient }).ForSteps(6);

    private static bool AllFinite(TclrTrainer trainer)
        => trainer.Encoder.Network.parameters().Concat(trainer.Head.Network.parameters()).All(parameter => parameter.data<float>().ToArray().All(float.IsFinite));
}
