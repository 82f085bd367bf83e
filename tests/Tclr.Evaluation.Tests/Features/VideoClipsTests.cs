using Tclr.Data;
using Tclr.Models;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class VideoClipsTests
{
    private readonly FakeVideoReader reader = new() { Frames = 60 };

    [Test]
    public async Task The_videos_asked_for_come_with_the_clips_they_always_have()
    {
        var clips = await ClipsAsync();
        var all = await ReadAsync(clips, [0, 1, 2, 3, 4], 2);
        var some = await ReadAsync(clips, [1, 3, 4], 2);

        Assert.That(clips.Samples, Is.EqualTo(new[] { "v00", "v01", "v02", "v03", "v04" }));
        Assert.That(clips.Shape, Is.EqualTo(new long[] { 3, 3, 8, 16, 16 }));
        Assert.That(some.Keys, Is.EqualTo(new[] { "v01", "v03", "v04" }));
        foreach (var (name, pixels) in some)
        {
            Assert.That(pixels, Is.EqualTo(all[name]), name);
        }
    }

    [Test]
    public async Task Settings_tell_clips_apart()
    {
        string settings = (await ClipsAsync()).Settings;

        Assert.That((await ClipsAsync()).Settings, Is.EqualTo(settings));
        string[] others =
        [
            (await ClipsAsync(sampler: ClipSamplers.Uniform(3, 8, 2))).Settings,
            (await ClipsAsync(sampler: ClipSamplers.DualVarTest(3, 8, 1))).Settings,
            (await ClipsAsync(sampler: ClipSamplers.Uniform(4, 8, 1))).Settings,
            (await ClipsAsync(augmentation: Augmentations.Evaluation(18))).Settings,
            (await ClipsAsync(augmentation: Augmentations.Start().CenterSquareCrop().Resize(16))).Settings,
            (await ClipsAsync(augmentation: Augmentations.Start().Resize(16).Shift(-0.5))).Settings,
        ];
        Assert.That(others.Append(settings), Is.Unique);
    }

    [Test]
    public void What_is_random_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(async () => await ClipsAsync(sampler: ClipSamplers.Random(3, 8)), Throws.ArgumentException.With.Message.Contains("expected a deterministic sampler"));
        Assert.That(async () => await ClipsAsync(augmentation: Augmentations.Start().Resize(16).HorizontalFlip()), Throws.ArgumentException.With.Message.Contains("expected a deterministic augmentation"));
    });

    [Test]
    public async Task An_extraction_goes_on_after_a_video_that_did_not_decode()
    {
        using var folder = new TemporaryFolder();
        using var encoder = VideoEncoders.SmallR3D();
        var clips = await ClipsAsync();
        var extractor = new FeatureExtractor(encoder);
        reader.Broken.Add("v03");
        Assert.That(async () => await extractor.ExtractAsync(clips, folder["features"], batchSize: 1), Throws.InstanceOf<VideoDataException>().With.Message.Contains("v03"));
        using (var half = FeatureStore.Open(folder["features"]))
        {
            Assert.That(half.Done, Is.EqualTo(3));
        }

        reader.Broken.Clear();
        using var store = await extractor.ExtractAsync(await ClipsAsync(), folder["features"], batchSize: 1);

        using var whole = store.ReadAll();
        using var expected = await extractor.ExtractAsync(clips, batchSize: 1);
        Assert.That(whole.Values.data<float>().ToArray(), Is.EqualTo(expected.Values.data<float>().ToArray()));
        Assert.That(whole.Samples, Is.EqualTo(expected.Samples));
    }

    [Test]
    public async Task Indices_make_sets_whose_classes_are_compared_by_name()
    {
        // The two number their classes differently.
        var training = await reader.IndexAsync(6, "a", "b", "c");
        var test = await reader.IndexAsync(3, "c", "a", "b");
        var videos = Videos(training, test);

        Assert.That(videos.Classes, Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(videos.TestLabels, Is.EqualTo(new[] { 2, 0, 1 }));
        Assert.That(Enumerable.Range(0, 6).Select(i => videos.TrainingLabel(FormattableString.Invariant($"v{i:D2}"))), Is.EqualTo(new[] { 0, 1, 2, 0, 1, 2 }));
        Assert.That(() => Videos(training.Where(item => item.ClassIndex != 1), test), Throws.ArgumentException.With.Message.Contains("1 classes of the test set have no training videos ('b')"));

        ClassifiedVideos Videos(VideoIndex known, VideoIndex asked)
            => ClassifiedVideos.Of(known, ClipSamplers.Random(1, 8), Augmentations.Demo(16), asked, ClipSamplers.Uniform(2, 8), Augmentations.Evaluation(16), reader);
    }

    private static async Task<Dictionary<string, float[]>> ReadAsync(VideoClips clips, int[] videos, int batchSize)
    {
        var found = new Dictionary<string, float[]>(StringComparer.Ordinal);
        await foreach (var batch in clips.ReadAsync(videos, batchSize))
        {
            using (batch)
            {
                using var turned = batch.Clips.transpose(0, 1);
                using var values = turned.contiguous();
                float[][] rows = [.. values.data<float>().ToArray().Chunk((int)(batch.Clips.numel() / batch.Samples.Count))];
                foreach (var (i, name) in batch.Samples.Index())
                {
                    found.Add(name, rows[i]);
                }
            }
        }

        return found;
    }

    private async Task<VideoClips> ClipsAsync(IClipSampler? sampler = null, IClipAugmentation? augmentation = null)
        => new(await reader.IndexAsync(5), reader, sampler ?? ClipSamplers.Uniform(3, 8), augmentation ?? Augmentations.Evaluation(16));
}
