namespace Tclr.Reports.Tests;

public sealed class MeanStdTests
{
    [Test]
    public void Std_is_the_sample_standard_deviation()
    {
        var value = MeanStd.Of(2, 4, 4, 4, 5, 5, 7, 9);

        Assert.That(value.Mean, Is.EqualTo(5));
        Assert.That(value.Std, Is.EqualTo(Math.Sqrt(32.0 / 7)).Within(1e-12));
        Assert.That(value.Runs, Is.EqualTo(8));
        Assert.That(value.ToString("0.0"), Is.EqualTo("5.0 ± 2.1"));
    }

    [Test]
    public void One_run_has_no_std()
    {
        Assert.That(MeanStd.Of(0.5), Is.EqualTo(new MeanStd(0.5)));
        Assert.That(((MeanStd)0.5).ToString("0.00"), Is.EqualTo("0.50"));
        Assert.That(() => MeanStd.Of(), Throws.ArgumentException.With.Message.Contains("expected one value or more, got none"));
    }

    [Test]
    public void Units_change_both_numbers() => Assert.That(new MeanStd(0.5, 0.1, 3).Times(-100), Is.EqualTo(new MeanStd(-50, 10, 3)));

    [Test]
    public void Cells_say_what_they_hold()
    {
        Assert.That(ReportCell.Percent(new MeanStd(0.841, 0.004, 3)).Text, Is.EqualTo("84.1 ± 0.4 %"));
        Assert.That(ReportCell.Number(1.234).Text, Is.EqualTo("1.23"));
        Assert.That(((ReportCell)"text").Value, Is.Null);
    }
}
