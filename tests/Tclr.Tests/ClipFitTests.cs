using Tclr.Data;

namespace Tclr.Tests;

public sealed class ClipFitTests
{
    // A window of 8 x 4 frames with stride s ends at frame 31 s.
    [TestCase(32, 1)]
    [TestCase(62, 1)]
    [TestCase(63, 2)]
    [TestCase(93, 2)]
    [TestCase(94, 3)]
    [TestCase(1000, 3)]
    public void The_stride_is_the_largest_wanted_one_whose_window_fits(int frames, int stride)
    {
        var fit = ClipFit.Of(Videos(frames - 10, frames, frames + 100), 8, 4, 3);

        Assert.That((fit.Length, fit.LocalClips, fit.Stride), Is.EqualTo((8, 4, (ClipStride)stride)));
    }

    [TestCase(31, 4, 2)]
    [TestCase(8, 4, 2)]
    [TestCase(5, 4, 2)]
    public void Shorter_videos_get_shorter_and_fewer_clips(int frames, int length, int localClips)
    {
        var fit = ClipFit.Of(Videos(frames), 8, 4, 2);

        Assert.That((fit.Length, fit.LocalClips), Is.EqualTo((length, localClips)));
        Assert.That(fit.Message.Contains("Videos shorter than the window, which are played back and forth: 1 of 1.", StringComparison.Ordinal), Is.EqualTo(frames < 8));
    }

    [Test]
    public void Half_of_the_videos_may_be_shorter_than_the_window()
    {
        Assert.That(ClipFit.Of(Videos(20, 20, 200, 200), 8, 4, 2), Is.EqualTo(new ClipFit(8, 4, 2,
            "Clips of 8 frames, 4 in a window, with a stride of 2 frames. The videos have 20 to 200 frames. Videos shorter than the window, which are played back and forth: 2 of 4.")));
        Assert.That(ClipFit.Of(Videos(20, 20, 20, 200), 8, 4, 2).LocalClips, Is.EqualTo(2));
    }

    [Test]
    public void Seconds_become_frames_of_the_rate_that_videos_share()
    {
        VideoInfo[] videos = [new(500, 32, 24, 29.97), new(500, 32, 24, 30), new(500, 32, 24, 0)];

        Assert.That(ClipFit.Of(videos, 8, 4, ClipStride.Seconds(1)).Stride, Is.EqualTo((ClipStride)4), "30 / 7 = 4.3");
        Assert.That(ClipFit.Of([new(500, 32, 24, 0)], 8, 4, ClipStride.Seconds(1)).Stride, Is.EqualTo((ClipStride)4), "25 / 7 = 3.6");
        Assert.That(ClipFit.Of([new(100, 32, 24, 30)], 8, 4, ClipStride.Seconds(1)).Stride, Is.EqualTo((ClipStride)3), "99 / 31");
    }

    [Test]
    public void Seconds_stay_seconds_where_rates_differ_and_windows_fit_all()
    {
        VideoInfo[] videos = [new(300, 32, 24, 60), new(300, 32, 24, 60), new(125, 32, 24, 25)];

        Assert.That(ClipFit.Of(videos, 8, 4, ClipStride.Seconds(0.5)).Stride, Is.EqualTo(ClipStride.Seconds(0.5)));

        // 299 / 31 = 9 frames of 60 a second, 124 / 31 = 4 of 25: 0.15 s a step is less than 0.16.
        var shorter = ClipFit.Of(videos, 8, 4, ClipStride.Seconds(5)).Stride;
        Assert.That(shorter.ClipSeconds, Is.EqualTo(7 * 9 / 60.0).Within(1e-12));
        Assert.That(ClipFit.Of(videos, 8, 4, ClipStride.Seconds(5)).Message, Does.Contain("that last 1.05 s").And.Not.Contain("back and forth"));
    }

    [Test]
    public void The_message_says_what_the_recipe_wanted()
        => Assert.That(ClipFit.Of(Videos(63, 63, 154), 8, 4, 4).Message, Is.EqualTo(
            "Clips of 8 frames, 4 in a window, with a stride of 2 frames. The videos have 63 to 154 frames. The recipe's 4 clips of 8 frames with a stride of 4 frames would not fit 2 of the 3 videos."));

    [Test]
    public void A_recipe_takes_clips_that_its_encoder_and_loss_fit()
    {
        var (recipe, fit) = TclrRecipes.Tiny().FitClips(Videos(20));
        var (other, none) = TclrRecipes.Ucf101R3D18Cvrl().FitClips(Videos(20));

        var sampler = recipe.Clips.CreateSampler();
        using var encoder = recipe.Encoder.Create();
        using var features = encoder.Encode(TorchSharp.torch.zeros([1, 3, recipe.Clips.Length, 32, 32]));
        Assert.That((fit!.Length, fit.LocalClips, fit.Stride), Is.EqualTo((4, 2, (ClipStride)1)));
        Assert.That((sampler.ClipLength, sampler.Layout.LocalClips, sampler.Layout.GlobalViews), Is.EqualTo((4, 2, 2)));
        Assert.That(features.shape[2], Is.EqualTo(2), "one timestep for each local clip");
        Assert.That(none, Is.Null);
        Assert.That(other, Is.EqualTo(TclrRecipes.Ucf101R3D18Cvrl()));
        Assert.That(TclrRecipes.Tiny().FitClips(Videos(100)).Recipe, Is.EqualTo(TclrRecipes.Tiny()));
    }

    [Test]
    public void What_cannot_be_fitted_is_named()
    {
        Assert.That(() => ClipFit.Of([], 8, 4, 1), Throws.ArgumentException.With.Message.Contains("expected one video or more, got none"));
        Assert.That(() => ClipFit.Of(Videos(9), 0, 4, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ClipFit.Of(Videos(9), 8, 0, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static VideoInfo[] Videos(params int[] frames) => [.. frames.Select(count => new VideoInfo(count, 32, 24, 25))];
}
