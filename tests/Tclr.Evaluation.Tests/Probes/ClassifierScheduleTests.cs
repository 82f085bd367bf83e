namespace Tclr.Evaluation.Tests;

public sealed class ClassifierScheduleTests
{
    [Test]
    public void A_plateau_is_counted_in_total_and_ends_below_the_limit()
    {
        // Better and worse by turns: every second epoch counts, and no improvement takes the count back.
        double[] losses = [.. Enumerable.Range(0, 60).Select(epoch => epoch % 2 == 0 ? 100 - epoch : 1000.0)];

        var rates = Run(ClassifierSchedule.Plateau(), 1e-2, losses);

        // Epochs 1, 3 and 5 count, so epoch 6 is the first with a tenth.
        double[] expected = [.. Enumerable.Repeat(1e-2, 6), .. Enumerable.Repeat(1e-3, 6), .. Enumerable.Repeat(1e-4, 6), .. Enumerable.Repeat(1e-5, 6)];
        Assert.That(rates, Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void A_consecutive_plateau_begins_anew_with_each_improvement()
    {
        double[] losses = [5, 6, 6, 4, 6, 6, 6, 6, 3, 3, 3, 3, 3];

        var rates = Run(ClassifierSchedule.Plateau(patience: 3, consecutive: true), 1, losses);

        // 6, 6 are not enough; after 6, 6, 6 comes a tenth; 3 again is no worse.
        Assert.That(rates, Is.EqualTo(new[] { 1, 1, 1, 1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 }).Within(1e-12));
    }

    [Test]
    public void The_authors_pretraining_rule_is_a_consecutive_plateau_of_nine()
    {
        double[] losses = [.. Enumerable.Range(0, 12).Select(e => 50.0 - e), .. Enumerable.Repeat(45.0, 25), 30, .. Enumerable.Repeat(31.0, 12)];

        var rates = Run(ClassifierSchedule.Plateau(patience: 9, stopBelow: 0, consecutive: true), 1e-3, losses);

        // From the authors' main loop, after its own warm-up.
        double[] expected =
        [
            .. Enumerable.Repeat(1e-3, 16), .. Enumerable.Repeat(1e-4, 9), .. Enumerable.Repeat(1e-5, 17), .. Enumerable.Repeat(1e-6, 3),
        ];
        Assert.That(rates.Skip(5), Is.EqualTo(expected).Within(1e-15));
    }

    [Test]
    public void A_warm_up_is_a_line()
        => Assert.That(Run(ClassifierSchedule.Plateau(warmupEpochs: 4), 1, [9, 8, 7, 6, 5, 4]), Is.EqualTo(new[] { 0.25, 0.5, 0.75, 1, 1, 1 }).Within(1e-12));

    [Test]
    public void Steps_take_the_factor_at_each_epoch()
        => Assert.That(
            Run(ClassifierSchedule.Steps(0.1, 2, 4), 0.05, [1, 1, 1, 1, 1]),
            Is.EqualTo(new[] { 0.05, 0.05, 0.005, 0.005, 0.0005 }).Within(1e-12));

    [Test]
    public void Constant_is_constant() => Assert.That(Run(ClassifierSchedule.Constant, 0.3, [1, 2, 3]), Is.EqualTo(new[] { 0.3, 0.3, 0.3 }));

    // The official linear evaluation: 35,744 steps in 100 epochs, 1,787 of them the rise.
    [TestCase(0, 0)]
    [TestCase(1, 0.0177968984)]
    [TestCase(100, 1.77968984)]
    [TestCase(1786, 31.78526055)]
    [TestCase(1787, 31.80305744)]
    [TestCase(10000, 26.2077962)]
    [TestCase(17872, 16.0)]
    [TestCase(35743, 6.179928214e-08)]
    public void The_cosine_is_CVRLs(int step, double expected)
        => Assert.That(ClassifierSchedule.Cosine(warmupEpochs: 1787).Begin(32, epochs: 35744, stepsPerEpoch: 1).At(step, 0), Is.EqualTo(expected).Within(1e-8 * Math.Max(1, expected)));

    [Test]
    public void The_cosine_goes_on_within_an_epoch()
    {
        var fine = ClassifierSchedule.Cosine(0.5).Begin(1, epochs: 10, stepsPerEpoch: 8);
        var whole = ClassifierSchedule.Cosine(4).Begin(1, epochs: 80, stepsPerEpoch: 1);

        for (int step = 0; step < 80; step++)
        {
            Assert.That(fine.At(step / 8, step % 8), Is.EqualTo(whole.At(step, 0)).Within(1e-12));
        }
    }

    [Test]
    public void Values_out_of_range_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => ClassifierSchedule.Plateau(patience: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ClassifierSchedule.Plateau(factor: 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ClassifierSchedule.Plateau(stopBelow: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ClassifierSchedule.Plateau(warmupEpochs: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ClassifierSchedule.Steps(0, 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ClassifierSchedule.Cosine(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    });

    private static List<double> Run(ClassifierSchedule schedule, double learningRate, double[] losses)
    {
        var rate = schedule.Begin(learningRate, losses.Length, stepsPerEpoch: 1);
        var rates = new List<double>();
        for (int epoch = 0; epoch < losses.Length && rate.BeginEpoch(epoch); epoch++)
        {
            rates.Add(rate.At(epoch, 0));
            rate.EndEpoch(losses[epoch]);
        }

        return rates;
    }
}
