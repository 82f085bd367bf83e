using System.Text.Json;
using Tclr.Core;

namespace Tclr.Data.Tests;

public sealed class ClipStrideTests
{
    [TestCase(25, 16, 1.0, 2)]      // 25 / 15 = 1.67
    [TestCase(25, 16, 2.0, 3)]      // 50 / 15 = 3.33
    [TestCase(60, 16, 2.0, 8)]
    [TestCase(29.97, 32, 2.0, 2)]   // 59.94 / 31 = 1.93
    [TestCase(10, 16, 0.2, 1)]      // 2 / 15, at least 1
    [TestCase(30, 1, 2.0, 1)]
    public void A_stride_in_seconds_follows_the_frame_rate(double framesPerSecond, int clipLength, double seconds, int frames)
        => Assert.That(ClipStride.Seconds(seconds).Of(TestVideos.Info(100, framesPerSecond), clipLength), Is.EqualTo(frames));

    [Test]
    public void Every_sampler_takes_seconds()
    {
        var stride = ClipStride.Seconds(1);     // 4 frames at 12 frames per second and 4 frames a clip
        IClipSampler[] samplers =
        [
            ClipSamplers.Uniform(2, 4, stride), ClipSamplers.Random(2, 4, stride), ClipSamplers.Cvrl(4, stride), ClipSamplers.CvrlTest(2, 4, stride),
            ClipSamplers.CvrlFineTuning(4, stride), ClipSamplers.DualVarFineTuning(4, stride), ClipSamplers.DualVarTest(2, 4, stride), ClipSamplers.Tclr(4, 2, 1, stride),
        ];
        foreach (var sampler in samplers)
        {
            int[] last = Plan(sampler, TestVideos.Info(1000, 12)).Views[^1];
            Assert.That(last, Is.EqualTo(Enumerable.Range(0, 4).Select(i => last[0] + (4 * i))), sampler.GetType().Name);
            Assert.That(() => Plan(sampler, TestVideos.Info(1000, 0)), Throws.ArgumentException.With.Message.Contains("frame rate"));
        }

        // Around a center anywhere, the ends repeat the video's own.
        int[] around = Plan(ClipSamplers.DualVar(4, stride), TestVideos.Info(100_000, 12)).Views[0];
        Assert.That(around[3] - around[0], Is.EqualTo(12));
        int[] closer = Plan(ClipSamplers.DualVar(4, 3), TestVideos.Info(100_000, 12)).Views[0];
        Assert.That(closer[3] - closer[0], Is.EqualTo(9));
    }

    [Test]
    public void A_stride_says_what_it_is()
        => Assert.Multiple(() =>
        {
            Assert.That((ClipStride.Frames(4).FrameCount, ClipStride.Frames(4).ClipSeconds, ClipStride.Frames(4).ToString()), Is.EqualTo((4, (double?)null, "4 frames")));
            Assert.That((ClipStride.Seconds(1.5).FrameCount, ClipStride.Seconds(1.5).ClipSeconds, ClipStride.Seconds(1.5).ToString()), Is.EqualTo(((int?)null, 1.5, "1.5 s")));
            Assert.That(default(ClipStride).ToString(), Is.EqualTo("1 frame"));
        });

    [Test]
    public void TCLR_clips_of_a_stride_tile_their_window()
    {
        var plan = Plan(ClipSamplers.Tclr(clipLength: 3, localClips: 2, globalViews: 1, stride: 3), TestVideos.Info(16));
        Assert.That(plan.Views, Is.EqualTo(new int[][] { [0, 6, 12], [0, 3, 6], [9, 12, 15] }));
    }

    [Test]
    public void JSON_is_a_number_of_frames_or_seconds()
    {
        Assert.Multiple(() =>
        {
            Assert.That(JsonSerializer.Serialize(ClipStride.Frames(4)), Is.EqualTo("4"));
            Assert.That(JsonSerializer.Serialize(ClipStride.Seconds(1.5)), Is.EqualTo("{\"clip_seconds\":1.5}"));
            Assert.That(JsonSerializer.Deserialize<ClipStride>("4"), Is.EqualTo(ClipStride.Frames(4)));
            Assert.That(JsonSerializer.Deserialize<ClipStride>("{\"clip_seconds\":2}"), Is.EqualTo(ClipStride.Seconds(2)));
            Assert.That(default(ClipStride), Is.EqualTo(ClipStride.Frames(1)));
        });
    }

    [TestCase("0")]
    [TestCase("1.5")]
    [TestCase("\"2s\"")]
    [TestCase("{\"clip_seconds\":0}")]
    [TestCase("{\"clip_seconds\":\"2\"}")]
    [TestCase("{\"seconds\":2}")]
    [TestCase("{\"clip_seconds\":2,\"frames\":2}")]
    [TestCase("[2]")]
    public void Another_JSON_is_refused(string json)
        => Assert.That(() => JsonSerializer.Deserialize<ClipStride>(json), Throws.TypeOf<JsonException>().With.Message.Contains("expected a number of frames"));

    [Test]
    public void Ranges_are_checked()
        => Assert.Multiple(() =>
        {
            Assert.That(() => ClipStride.Frames(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipStride.Seconds(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipStride.Seconds(double.NaN), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => ClipSamplers.Uniform(2, 4, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        });

    private static ClipPlan Plan(IClipSampler sampler, VideoInfo video)
    {
        var random = CounterRandom.For(3);
        return sampler.Plan(video, ref random);
    }
}
