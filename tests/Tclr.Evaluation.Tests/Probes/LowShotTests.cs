using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class LowShotTests : ScopedTests
{
    private static readonly Arbitrary<(int[] Labels, int Percent, int Number)> Problems = (
        from labels in Gen.Choose(0, 6).NonEmptyListOf()
        from percent in Gen.Choose(1, 100)
        from number in Gen.Choose(0, 5)
        select (labels.ToArray(), percent, number)).ToArbitrary();

    [Test]
    public void Every_class_has_its_share_and_one_video_at_least() => Check.QuickThrowOnFailure(Prop.ForAll(Problems, problem =>
    {
        var items = LowShot.Draw(problem.Labels, problem.Percent / 100.0, problem.Number).Items;
        return items.SequenceEqual(items.Distinct().Order())
            && problem.Labels.GroupBy(label => label).All(videos =>
                items.Count(item => problem.Labels[item] == videos.Key) == Math.Max(1, (int)Math.Round(problem.Percent / 100.0 * videos.Count(), MidpointRounding.AwayFromZero)));
    }));

    [Test]
    public void A_small_subset_is_a_part_of_a_larger_one() => Check.QuickThrowOnFailure(Prop.ForAll(Problems, problem =>
        !LowShot.Draw(problem.Labels, problem.Percent / 200.0, problem.Number).Items.Except(LowShot.Draw(problem.Labels, problem.Percent / 100.0, problem.Number).Items).Any()));

    [Test]
    public void Subsets_repeat_and_differ()
    {
        int[] labels = [.. Enumerable.Range(0, 500).Select(i => i % 5)];
        IReadOnlyList<int> Items(int number, ulong seed = 0) => LowShot.Draw(labels, 0.1, number, seed).Items;

        Assert.That(Items(0).Take(8), Is.EqualTo(new[] { 1, 10, 40, 51, 61, 63, 70, 75 }), "on every machine");
        Assert.That(Items(1), Is.Not.EqualTo(Items(0)));
        Assert.That(Items(0, seed: 1), Is.Not.EqualTo(Items(0)));
        Assert.That(LowShot.Draw(labels, 1, 2).Items, Is.EqualTo(Enumerable.Range(0, 500)));
    }

    [Test]
    public async Task Rows_hold_the_accuracies_of_all_subsets()
    {
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 2)];
        var seen = new List<LowShotSubset>();

        var rows = await LowShot.RunAsync(labels, (subset, _) => Task.FromResult(subset.Share + (0.1 * subset.Number)), progress: new Callback<LowShotSubset>(seen.Add));

        Assert.Multiple(() =>
        {
            Assert.That(rows.Select(row => (row.Share, row.Videos)), Is.EqualTo(new[] { (0.01, 2), (0.1, 10), (0.2, 20), (0.5, 50) }));
            Assert.That(rows[1].Accuracies, Is.EqualTo(new[] { 0.1, 0.2, 0.3 }).Within(1e-12));
            Assert.That(rows[1].Mean, Is.EqualTo(0.2).Within(1e-12));
            Assert.That(rows[1].Deviation, Is.EqualTo(0.1).Within(1e-12));
            Assert.That(new LowShotRow(1, 1, [0.4]).Deviation, Is.Zero);
            Assert.That(seen, Has.Count.EqualTo(12));
            Assert.That(seen[4].Items, Is.EqualTo(LowShot.Draw(labels, 0.1, 1).Items));
        });
    }

    [Test]
    public async Task More_labels_help_a_probe()
    {
        int[] labels = [.. Enumerable.Range(0, 400).Select(i => i % 4)];
        var features = Golden.Hash(1, 400, 24).to(ScalarType.Float32);
        for (int i = 0; i < 400; i++)
        {
            features.select(0, i).narrow(0, labels[i], 1).add_(1.2);
        }

        var rows = await LowShot.ProbeAsync(features.narrow(0, 0, 200), labels[..200], features.narrow(0, 200, 200), labels[200..], new LowShotOptions { Shares = [0.02, 1] }, new LinearProbeOptions { Epochs = 20 });

        Assert.That(rows.Select(row => row.Videos), Is.EqualTo(new[] { 4, 200 }));
        Assert.That(rows[1].Mean, Is.GreaterThan(rows[0].Mean + 0.1));
        Assert.That(rows[0].Accuracies.Distinct().Count(), Is.GreaterThan(1), "other subsets, other outcomes");
    }

    [Test]
    public async Task Fine_tuning_starts_each_subset_from_a_new_encoder()
    {
        var created = new List<Tclr.Models.VideoEncoder>();
        var seen = new List<LowShotSubset>();
        var heard = new List<LowShotSubset>();
        var options = new LowShotOptions { Shares = [0.5, 1], Subsets = 2 };
        var tuning = new FineTuningOptions { Epochs = 6, BatchSize = 6, Optimizer = new Tclr.Core.AdamOptions { LearningRate = 3e-3, WeightDecay = 0 } };

        var rows = await LowShot.FineTuneAsync(
            [.. Enumerable.Range(0, 12).Select(i => i % 3)],
            () =>
            {
                manual_seed(5);
                created.Add(Tclr.Models.VideoEncoders.SmallR3D());
                return created[^1];
            },
            subset =>
            {
                seen.Add(subset);
                return ColoredVideos.Set(training: subset.Items.Count);
            },
            options,
            tuning,
            progress: new Callback<LowShotSubset>(heard.Add));

        Assert.That(rows.Select(row => (row.Share, row.Videos, row.Accuracies.Count)), Is.EqualTo(new[] { (0.5, 6, 2), (1, 12, 2) }));
        Assert.That(created.Distinct().Count(), Is.EqualTo(4));
        Assert.That(heard, Is.EqualTo(seen));
        Assert.That(rows[1].Accuracies[0], Is.EqualTo(rows[1].Accuracies[1]), "all videos, the same weights: the same result");
        Assert.That(rows[1].Mean, Is.GreaterThan(0.5));
        Assert.That(
            () => LowShot.FineTuneAsync([0, 1], () => created[0], _ => ColoredVideos.Set(), tuning: tuning with { Epochs = 0 }),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("Epochs: expected 1 or more, got 0"));
    }

    [Test]
    public async Task Canceling_returns_the_completed_subsets([Values] bool duringASubset)
    {
        using var source = new CancellationTokenSource();
        int calls = 0;

        var rows = await LowShot.RunAsync(
            [0, 1],
            async (_, token) =>
            {
                if (++calls == 5)
                {
                    await source.CancelAsync();
                    if (duringASubset)
                    {
                        token.ThrowIfCancellationRequested();
                    }
                }

                return calls / 10.0;
            },
            cancellationToken: source.Token);

        double[] second = duringASubset ? [0.4] : [0.4, 0.5];
        Assert.That(calls, Is.EqualTo(5));
        Assert.That(rows.Select(row => row.Share), Is.EqualTo(new[] { 0.01, 0.1 }));
        Assert.That(rows[0].Accuracies, Is.EqualTo(new[] { 0.1, 0.2, 0.3 }));
        Assert.That(rows[1].Accuracies, Is.EqualTo(second));
    }

    [Test]
    public void Canceling_before_a_subset_is_completed_throws()
    {
        using var source = new CancellationTokenSource();

        Assert.That(
            async () => await LowShot.RunAsync(
                [0, 1],
                async (_, token) =>
                {
                    await source.CancelAsync();
                    token.ThrowIfCancellationRequested();
                    return 0.5;
                },
                cancellationToken: source.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Wrong_input_is_named() => Assert.Multiple(() =>
    {
        Assert.That(() => LowShot.Draw([0, 1], 0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => LowShot.Draw([0, 1], 1.1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => LowShot.Draw([0, 1], double.NaN, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => LowShot.Draw([0, 1], 0.5, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => LowShot.RunAsync([], (_, _) => Task.FromResult(0.0)), Throws.InstanceOf<ArgumentException>().With.Message.Contains("labels.Count: expected 1 or more, got 0"));
        Assert.That(() => LowShot.RunAsync([1], (_, _) => Task.FromResult(0.0), new LowShotOptions { Shares = [0.5, 2], Subsets = 0 }), Throws.ArgumentException.With.Message.Contains("Shares: expected shares above 0 and at most 1, got 2; Subsets: expected 1 or more, got 0"));
        Assert.That(() => LowShot.ProbeAsync(zeros([2, 3]), [0, 2], zeros([2, 3]), [0, 1]), Throws.ArgumentException.With.Message.Contains("of each class from 0 to 2"));
    });
}
