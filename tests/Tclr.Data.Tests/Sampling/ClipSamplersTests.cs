using Tclr.Core;

namespace Tclr.Data.Tests;

public sealed class ClipSamplersTests
{
    // Golden values of the reference: 64 frames and more, where nothing is padded.
    [TestCase(64, 0)]
    [TestCase(65, 0)]
    [TestCase(100, 20)]
    public void TCLR_indices_are_those_of_the_reference(int frames, int start)
    {
        var plan = new TclrSampler(16, 4, 2, 1).PlanAt(frames, start);
        int[] global = [.. Enumerable.Range(0, 16).Select(i => start + (4 * i))];
        Assert.That(plan.Views, Has.Count.EqualTo(10));
        Assert.That(plan.Views[0], Is.EqualTo(global));
        Assert.That(plan.Views[1], Is.EqualTo(global));
        for (int version = 0; version < 2; version++)
        {
            for (int j = 0; j < 4; j++)
            {
                Assert.That(plan.Views[2 + (version * 4) + j], Is.EqualTo(Enumerable.Range(start + (16 * j), 16)));
            }
        }

        Assert.That(plan.Frames.ToArray(), Is.EqualTo(Enumerable.Range(start, 64)));
    }

    // The reference's last local clip is reflected alike: 57, 60 and 63 frames.
    [TestCase(57, new[] { 48, 49, 50, 51, 52, 53, 54, 55, 56, 55, 54, 53, 52, 51, 50, 49 })]
    [TestCase(60, new[] { 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 58, 57, 56, 55 })]
    [TestCase(63, new[] { 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 61 })]
    public void A_short_video_is_reflected_at_its_end(int frames, int[] lastLocal)
    {
        var random = CounterRandom.For(1);
        var plan = ClipSamplers.Tclr().Plan(TestVideos.Info(frames), ref random);
        Assert.That(plan.Views[5], Is.EqualTo(lastLocal));
        Assert.That(plan.Views[9], Is.EqualTo(lastLocal));
        Assert.That(plan.Frames.ToArray(), Is.EqualTo(Enumerable.Range(0, frames)));
    }

    [Test]
    public void A_very_short_video_goes_back_and_forth()
    {
        var random = CounterRandom.For(1);
        var plan = ClipSamplers.Tclr(clipLength: 3, localClips: 4).Plan(TestVideos.Info(3), ref random);
        Assert.Multiple(() =>
        {
            // Positions 0..11 show 0 1 2 1 0 1 2 1 0 1 2 1.
            Assert.That(plan.Views[0], Is.EqualTo(new[] { 0, 0, 0 }));
            Assert.That(plan.Views[2], Is.EqualTo(new[] { 0, 1, 2 }));
            Assert.That(plan.Views[3], Is.EqualTo(new[] { 1, 0, 1 }));
            Assert.That(plan.Views[5], Is.EqualTo(new[] { 1, 2, 1 }));
        });
        Assert.That(ClipFrames.PingPong(0, 4, 1, 1), Is.All.Zero);
    }

    [Test]
    public void Starts_are_uniform_over_all_that_fit()
    {
        var sampler = ClipSamplers.Tclr(clipLength: 8, localClips: 4);
        int[] counts = new int[9];
        for (ulong i = 0; i < 9000; i++)
        {
            var random = CounterRandom.For(3, i);
            counts[sampler.Plan(TestVideos.Info(40), ref random).Views[0][0]]++;
        }

        Assert.That(counts, Is.All.InRange(850, 1150));
    }

    [Test]
    public void The_plan_is_a_function_of_the_stream()
    {
        var sampler = ClipSamplers.Tclr();
        var one = CounterRandom.For(1, 2, 3);
        var other = CounterRandom.For(1, 2, 3);
        Assert.That(sampler.Plan(TestVideos.Info(300), ref one).Views, Is.EqualTo(sampler.Plan(TestVideos.Info(300), ref other).Views));
    }

    // The starts of the reference's test clips: 9 from 0 to 58 and 0 to 208, 10 from 0 to 208.
    [TestCase(9, 58, new[] { 0, 7, 14, 21, 29, 36, 43, 50, 58 })]
    [TestCase(9, 208, new[] { 0, 26, 52, 78, 104, 130, 156, 182, 208 })]
    [TestCase(10, 208, new[] { 0, 23, 46, 69, 92, 115, 138, 161, 184, 208 })]
    [TestCase(1, 30, new[] { 0 })]
    [TestCase(4, 0, new[] { 0, 0, 0, 0 })]
    public void Uniform_starts_are_a_truncated_linspace(int clips, int last, int[] starts)
    {
        var random = CounterRandom.For(1);
        var sampler = ClipSamplers.Uniform(clips, clipLength: 16, stride: 2);
        var plan = sampler.Plan(TestVideos.Info(last + 31), ref random);
        Assert.That(plan.Views.Select(view => view[0]), Is.EqualTo(starts));
        Assert.That(plan.Views[^1], Is.EqualTo(Enumerable.Range(0, 16).Select(i => starts[^1] + (2 * i))));
        Assert.That(sampler.Layout, Is.EqualTo(new ViewLayout(clips, 0)));
    }

    [Test]
    public void Uniform_reflects_short_videos()
    {
        var random = CounterRandom.For(1);
        var plan = ClipSamplers.Uniform(2, clipLength: 4, stride: 2).Plan(TestVideos.Info(5), ref random);
        Assert.That(plan.Views, Is.All.EqualTo(new[] { 0, 2, 4, 2 }));
    }

    [Test]
    public void Layouts_and_lengths()
    {
        var tclr = ClipSamplers.Tclr(8, 4, 3);
        Assert.That((tclr.Layout, tclr.ClipLength, tclr.MinimumFrames), Is.EqualTo((new ViewLayout(3, 4), 8, 8)));
        Assert.That(ClipSamplers.Uniform(4, 8).MinimumFrames, Is.EqualTo(8));
    }

    [Test]
    public void Ranges_are_checked()
        => Assert.Multiple(() =>
        {
            Assert.That(() => ClipSamplers.Tclr(clipLength: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipSamplers.Tclr(localClips: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipSamplers.Tclr(globalViews: 0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("globalViews"));
            Assert.That(() => Plan(ClipSamplers.Tclr(), null!), Throws.ArgumentNullException);
            Assert.That(() => ClipSamplers.Uniform(0, 8), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipSamplers.Uniform(1, 8, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => Plan(ClipSamplers.Tclr(), 15), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => Plan(ClipSamplers.Uniform(2, 8), 7), Throws.TypeOf<ArgumentOutOfRangeException>());
        });

    [Test]
    public void A_plan_knows_what_to_decode_and_where_it_lies()
    {
        var plan = new ClipPlan([[4, 9, 4], [7, 8, 9]]);
        Assert.That(plan.Frames.ToArray(), Is.EqualTo(new[] { 4, 7, 8, 9 }));
        Assert.That(plan.PositionsOf(0), Is.EqualTo(new[] { 0, 3, 0 }));
        Assert.That(plan.PositionsOf(1), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.Multiple(() =>
        {
            Assert.That(() => new ClipPlan([]), Throws.ArgumentException);
            Assert.That(() => new ClipPlan([[1], [1, 2]]), Throws.ArgumentException.With.Message.Contains("[1, 2]"));
            Assert.That(() => new ClipPlan([[-1, 3]]), Throws.ArgumentException.With.Message.Contains("got -1"));
            Assert.That(() => new ClipPlan(null!), Throws.ArgumentNullException);
        });
    }

    [TestCase(0, 1, 5.0, 9.0, 5.0)]
    [TestCase(1, 3, 0.0, 5.0, 2.5)]
    [TestCase(7, 8, 0.0, 29.0, 29.0)]      // 7 (29 / 7) is 29.000000000000004
    public void Numbers_are_spaced_as_by_NumPy(int index, int count, double first, double last, double expected)
        => Assert.That(ClipFrames.Spaced(index, count, first, last), Is.EqualTo(expected));

    private static ClipPlan Plan(IClipSampler sampler, int frames) => Plan(sampler, TestVideos.Info(frames));

    private static ClipPlan Plan(IClipSampler sampler, VideoInfo video)
    {
        var random = CounterRandom.For(1);
        return sampler.Plan(video, ref random);
    }
}
