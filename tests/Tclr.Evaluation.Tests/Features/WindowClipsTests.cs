using Tclr.Data;
using Tclr.Models;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class WindowClipsTests
{
    private readonly FakeVideoReader reader = new() { Frames = 60 };

    [Test]
    public async Task A_feature_is_that_of_its_window()
    {
        using var encoder = VideoEncoders.SmallR3D();
        var index = await reader.IndexAsync(2);
        var windows = VideoWindow.Slide(index, clipLength: 8, stride: 2, hopSeconds: 0.4);
        var extractor = new FeatureExtractor(encoder);

        using var features = await extractor.ExtractAsync(VideoClips.OfWindows(windows, reader, Augmentations.Evaluation(16)), batchSize: 3);

        // 60 frames at 25 a second, 15 frames a window, 10 a hop.
        Assert.That(windows.Where(window => window.Video.Path is "v01").Select(window => window.Start!.Value.TotalSeconds), Is.EqualTo(new[] { 0, 0.4, 0.8, 1.2, 1.6 }).Within(1e-9));
        Assert.That(windows[0].End!.Value.TotalSeconds, Is.EqualTo(0.6).Within(1e-9));
        Assert.That(features.Samples, Is.EqualTo(windows.Select(window => window.Name)));
        Assert.That(features.Values.shape, Is.EqualTo(new long[] { 10, encoder.FeatureDimension }));
        using var alone = await extractor.ExtractAsync(VideoClips.OfWindows([windows[7]], reader, Augmentations.Evaluation(16)));
        using var row = features.Values[7];
        using var only = alone.Values[0];
        Assert.That(row.data<float>().ToArray(), Is.EqualTo(only.data<float>().ToArray()).Within(1e-6));
    }

    [Test]
    public async Task Settings_tell_windows_apart()
    {
        var index = await reader.IndexAsync(2);
        string settings = Settings(2, 0.4);

        Assert.That(Settings(2, 0.4), Is.EqualTo(settings));
        Assert.That(new[] { settings, Settings(2, 0.8), Settings(1, 0.4) }, Is.Unique);
        Assert.That(() => VideoClips.OfWindows([], reader, Augmentations.Evaluation(16)), Throws.ArgumentException.With.Message.Contains("expected one window or more"));
        Assert.That(
            () => VideoClips.OfWindows(VideoWindow.Slide(index), reader, Augmentations.Start().Resize(16).HorizontalFlip()),
            Throws.ArgumentException.With.Message.Contains("expected a deterministic augmentation"));

        string Settings(int stride, double hop) => VideoClips.OfWindows(VideoWindow.Slide(index, 8, stride, hopSeconds: hop), reader, Augmentations.Evaluation(16)).Settings;
    }
}
