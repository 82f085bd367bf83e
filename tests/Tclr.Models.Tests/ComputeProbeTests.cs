using static TorchSharp.torch;

namespace Tclr.Models.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class ComputeProbeTests : ScopedTests
{
    private static readonly long[] Clips = [2, 3, 4, 8, 8];

    [Test]
    public void A_probe_times_each_number_of_threads_and_leaves_the_current_one()
    {
        int before = get_num_threads();
        VideoEncoder? made = null;

        var result = ComputeProbe.Measure(() => made = VideoEncoders.SmallR3D(), Clips, threads: [2, 1, 2], steps: 1);

        Assert.Multiple(() =>
        {
            Assert.That(result.Times.Keys, Is.EqualTo(new[] { 1, 2 }));
            Assert.That(result.Times.Values, Is.All.GreaterThan(TimeSpan.Zero).And.All.LessThan(TimeSpan.FromMinutes(1)));
            Assert.That(result.Threads, Is.EqualTo(ComputeProbe.Choose(result.Times)));
            Assert.That(get_num_threads(), Is.EqualTo(before));
            Assert.That(made!.parameters().Select(parameter => parameter.IsInvalid), Is.All.True);
        });
    }

    [TestCase(100, 60, 50, 4)]
    [TestCase(100, 60, 59, 2)]
    [TestCase(50, 60, 70, 1)]
    [TestCase(51, 50, 100, 1)]
    public void The_fewest_threads_that_are_nearly_the_fastest_are_chosen(int one, int two, int four, int chosen)
    {
        var times = new Dictionary<int, TimeSpan> { [1] = TimeSpan.FromMilliseconds(one), [2] = TimeSpan.FromMilliseconds(two), [4] = TimeSpan.FromMilliseconds(four) };

        Assert.That(ComputeProbe.Choose(times), Is.EqualTo(chosen));
    }

    [TestCase(1, new[] { 1 })]
    [TestCase(2, new[] { 1, 2 })]
    [TestCase(6, new[] { 1, 2, 4, 6 })]
    [TestCase(8, new[] { 1, 2, 4, 8 })]
    public void Candidates_are_powers_of_two_up_to_the_processors(int processors, int[] expected)
        => Assert.That(ComputeProbe.UpTo(processors), Is.EqualTo(expected));

    [Test]
    public void Bad_input_is_named_and_the_number_of_threads_stays()
    {
        int before = get_num_threads();
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();

        Assert.Multiple(() =>
        {
            Assert.That(() => Measure(threads: []), Throws.ArgumentException.With.Message.StartsWith("expected at least one number of threads, got none"));
            Assert.That(() => Measure(threads: [0, 1]), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Measure(steps: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => ComputeProbe.Measure(() => VideoEncoders.SmallR3D(), [2, 1, 4, 8, 8], [2]), Throws.ArgumentException);
            Assert.That(() => ComputeProbe.Measure(() => VideoEncoders.SmallR3D(), Clips, [2], cancellationToken: canceled.Token), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(() => ComputeProbe.Measure(null!, Clips), Throws.ArgumentNullException);
            Assert.That(() => ComputeProbe.Measure(() => VideoEncoders.SmallR3D(), null!), Throws.ArgumentNullException);
            Assert.That(get_num_threads(), Is.EqualTo(before));
        });

        static void Measure(int[]? threads = null, int steps = 1)
            => ComputeProbe.Measure(() => VideoEncoders.SmallR3D(), Clips, threads, steps);
    }
}
