using Tclr.Testing;
using Tclr.Data;
using Tclr.Models;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class WindowClipsTests
{
    private static readonly SlidingWindowOptions Sliding = new() { ClipLength = 8, Stride = 2, HopSeconds = 0.4 };

    private readonly PatternReader reader = new();

    [Test]
    public async Task A_feature_is_that_of_its_window()
    {
        using var encoder = VideoEncoders.SmallR3D();
        var index = await reader.IndexAsync("v", 2, "some");
        var windows = VideoWindow.Slide(index, Sliding);
        var extractor = new FeatureExtractor(encoder);

        using var features = await extractor.ExtractAsync(new WindowClips(windows, reader, Augmentations.Evaluation(16)), batchSize: 3);

        // 60 frames at 25 a second, 15 frames a window, 10 a hop.
        Assert.That(windows.Where(window => window.Video.Path is "v1").Select(window => window.Start!.Value.TotalSeconds), Is.EqualTo(new[] { 0, 0.4, 0.8, 1.2, 1.6 }).Within(1e-9));
        Assert.That(windows[0].End!.Value.TotalSeconds, Is.EqualTo(0.6).Within(1e-9));
        Assert.That(features.Samples, Is.EqualTo(windows.Select(window => window.Name)));
        Assert.That(features.Values.shape, Is.EqualTo(new long[] { 10, encoder.FeatureDimension }));
        using var alone = await extractor.ExtractAsync(new WindowClips([windows[7]], reader, Augmentations.Evaluation(16)));
        using var row = features.Values[7];
        using var only = alone.Values[0];
        Assert.That(row.data<float>().ToArray(), Is.EqualTo(only.data<float>().ToArray()).Within(1e-6));
    }

    [Test]
    public async Task Settings_tell_windows_apart()
    {
        var index = await reader.IndexAsync("v", 2, "some");
        string settings = Settings(Sliding);

        Assert.That(Settings(Sliding), Is.EqualTo(settings));
        Assert.That(new[] { settings, Settings(Sliding with { HopSeconds = 0.8 }), Settings(Sliding with { Stride = 1 }) }, Is.Unique);
        Assert.That(() => new WindowClips([], reader, Augmentations.Evaluation(16)), Throws.ArgumentException.With.Message.Contains("expected one window or more"));
        Assert.That(
            () => new WindowClips(VideoWindow.Slide(index), reader, Augmentations.Start().Resize(16).HorizontalFlip()),
            Throws.ArgumentException.With.Message.Contains("expected an augmentation that is not random"));

        string Settings(SlidingWindowOptions options) => new WindowClips(VideoWindow.Slide(index, options), reader, Augmentations.Evaluation(16)).Settings;
    }
}
