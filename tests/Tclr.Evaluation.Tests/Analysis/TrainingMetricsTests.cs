namespace Tclr.Evaluation.Tests;

public sealed class TrainingMetricsTests : FolderTests
{
    [Test]
    public void Terms_are_the_numbers_of_their_object()
    {
        var metrics = Read(
            """{"step":1,"epoch":0,"loss":3,"terms":{"local_local":2,"global_local":1},"learning_rate":0.1,"clips_per_second":9.5,"data_wait_seconds":0,"note":"warm"}""",
            """{"step":2,"epoch":0,"loss":2.5,"terms":{"local_local":1.5,"global_local":"NaN"},"learning_rate":0.2}""");

        Assert.Multiple(() =>
        {
            Assert.That(metrics.Terms, Is.EqualTo(new[] { "local_local", "global_local" }));
            Assert.That(metrics["local_local"], Is.EqualTo(new[] { (1.0, 2.0), (2.0, 1.5) }));
            Assert.That(metrics["global_local"], Is.EqualTo(new[] { (1.0, 1.0), (2.0, double.NaN) }));
            Assert.That(metrics["loss"], Is.EqualTo(new[] { (1.0, 3.0), (2.0, 2.5) }));
            Assert.That(metrics["clips_per_second"], Has.Count.EqualTo(1));
            Assert.That(metrics.Names, Does.Contain("learning_rate").And.Not.Contain("step").And.Not.Contain("note"));
        });
    }

    [Test]
    public void Terms_of_their_own_object_stand_alone()
    {
        var metrics = Read("""{"step":10,"loss":3,"grad":7,"terms":{"local_local":2,"step":1}}""");

        Assert.That(metrics.Terms, Is.EqualTo(new[] { "local_local", "step" }));
        Assert.That(metrics["grad"], Is.EqualTo(new[] { (10.0, 7.0) }));
    }

    [Test]
    public void A_last_line_that_was_cut_short_is_left_out()
    {
        var metrics = Read("""{"step":1,"loss":3}""", string.Empty, """{"step":2,"lo""");

        Assert.That(metrics["loss"], Is.EqualTo(new[] { (1.0, 3.0) }));
    }

    [TestCase("""{"step":2,"lo""", "expected a JSON object")]
    [TestCase("[1]", "expected a JSON object with a number 'step'")]
    [TestCase("""{"loss":1}""", "expected a JSON object with a number 'step'")]
    [TestCase("""{"step":"2"}""", "expected a JSON object with a number 'step'")]
    public void A_damaged_line_is_named(string line, string message)
        => Assert.That(() => Read("""{"step":1}""", line, """{"step":3}"""), Throws.InstanceOf<InvalidDataException>().With.Message.Contains($"metrics.jsonl(2): {message}"));

    [Test]
    public void A_curve_that_is_not_there_is_named()
    {
        Assert.That(() => Read("""{"step":1,"loss":3}""")["los"], Throws.InstanceOf<KeyNotFoundException>().With.Message.EqualTo("TrainingMetrics: there is no metric 'los', only loss"));
        Assert.That(Read().Names, Is.Empty);
        Assert.That(() => TrainingMetrics.Read(Folder["missing"]), Throws.InstanceOf<IOException>());
    }

    private TrainingMetrics Read(params string[] lines)
    {
        File.WriteAllLines(Folder["metrics.jsonl"], lines);
        return TrainingMetrics.Read(Folder["metrics.jsonl"]);
    }
}
