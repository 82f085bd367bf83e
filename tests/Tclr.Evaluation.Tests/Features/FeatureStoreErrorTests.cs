using Tclr.Core;
using Tclr.Models;
using Tclr.Weights;

namespace Tclr.Evaluation.Tests;

public sealed class FeatureStoreErrorTests : FeatureFileFixture
{
    [Test]
    public async Task A_file_of_another_kind_is_refused_before_anything_is_read()
    {
        using (await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(3), Path))
        {
        }

        byte[] before = File.ReadAllBytes(Path);
        using var other = VideoEncoders.SmallR3D();
        using var mirrored = VideoEncoders.SmallR3D(new() { ChannelOrder = ChannelOrder.Bgr });
        ModelWeights.Save(Encoder, At("weights.safetensors"));
        ModelWeights.Load(mirrored, At("weights.safetensors"));
        Assert.Multiple(() =>
        {
            Refused(new FeatureExtractor(other), new FakeVideoClips(3), "of encoder '");
            Refused(new FeatureExtractor(mirrored), new FakeVideoClips(3), "of encoder '");
            Refused(new FeatureExtractor(Encoder, FeaturePooling.Timesteps), new FakeVideoClips(3), "of dimension 64 (Mean), expected 256 (Timesteps)");
            Refused(new FeatureExtractor(Encoder), new FakeVideoClips(3) { Settings = "others" }, "of clips 'by formula', expected 'others'");
            Refused(new FeatureExtractor(Encoder), new FakeVideoClips(4), "of 3 other videos, expected 4 (video 3 is '', expected 'v3')");
        });
        Assert.That(File.ReadAllBytes(Path), Is.EqualTo(before));
    }

    [Test]
    public void Channels_that_would_be_reversed_twice_are_refused()
    {
        using var reversing = VideoEncoders.SmallR3D(new() { ChannelOrder = ChannelOrder.Bgr });
        var clips = new FakeVideoClips(3) { ChannelOrder = ChannelOrder.Bgr };

        Assert.That(
            async () => await new FeatureExtractor(reversing).ExtractAsync(clips, Path),
            Throws.ArgumentException.With.Message.Contains("makes BGR clips, and the encoder SmallR3D reverses its clips too"));
        Assert.That(
            async () => await new FeatureExtractor(reversing).ExtractAsync(clips),
            Throws.ArgumentException.With.Message.Contains("reverses its clips too"));
        Assert.That(clips.Requests, Is.Empty);
    }

    [Test]
    public void What_cannot_be_done_is_told_before_anything_is_read()
    {
        File.WriteAllText(At("file"), "no folder");
        File.WriteAllText(At("text.features"), "This is a text and no file of features.");
        var extractor = new FeatureExtractor(Encoder);
        Assert.Multiple(() =>
        {
            var clips = new FakeVideoClips(3);
            Assert.That(async () => await extractor.ExtractAsync(clips, At("file/test.features")), Fails("cannot be written to"));
            Assert.That(async () => await extractor.ExtractAsync(clips, Folder), Fails("cannot be written to"));
            Assert.That(async () => await extractor.ExtractAsync(clips, At("text.features")), Fails("it is not a feature file"));
            Assert.That(async () => await extractor.ExtractAsync(new FakeVideoClips(3) { Shape = [3, 4, 8, 16, 16], Samples = clips.Samples }, Path), Throws.ArgumentException);
            Assert.That(async () => await extractor.ExtractAsync(new FakeVideoClips(0), Path), Throws.ArgumentException.With.Message.Contains("expected one video or more"));
            Assert.That(async () => await extractor.ExtractAsync(clips, Path, batchSize: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(async () => await extractor.ExtractAsync(clips, " "), Throws.ArgumentException);
            Assert.That(clips.Requests, Is.Empty);
            Assert.That(File.Exists(Path), Is.False);
        });
    }

    [Test]
    public async Task Files_with_the_names_of_earlier_builds_are_read()
    {
        using (await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(3), Path))
        {
        }

        // Names in PascalCase, and the pooling as a number, at the same length.
        byte[] whole = File.ReadAllBytes(Path);
        string text = System.Text.Encoding.Latin1.GetString(whole)
            .Replace("\"encoder\":", "\"Encoder\":", StringComparison.Ordinal)
            .Replace("\"clips\":", "\"Clips\":", StringComparison.Ordinal)
            .Replace("\"pooling\":\"mean\"", "\"Pooling\":0     ", StringComparison.Ordinal)
            .Replace("\"dimension\":", "\"Dimension\":", StringComparison.Ordinal)
            .Replace("\"samples\":", "\"Samples\":", StringComparison.Ordinal);
        byte[] earlier = System.Text.Encoding.Latin1.GetBytes(text);
        Assert.That(earlier, Has.Length.EqualTo(whole.Length).And.Not.EqualTo(whole));
        File.WriteAllBytes(At("earlier.features"), earlier);

        using (var store = FeatureStore.Open(At("earlier.features")))
        {
            Assert.That((store.IsComplete, store.Pooling), Is.EqualTo((true, FeaturePooling.Mean)));
        }

        using var resumed = await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(3), At("earlier.features"));
        Assert.That(resumed.IsComplete);
    }

    [Test]
    public async Task Damaged_files_are_named()
    {
        using (await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(3), Path))
        {
        }

        byte[] whole = File.ReadAllBytes(Path);
        byte[] otherVersion = [.. whole], index = [.. whole], length = [.. whole];
        otherVersion[7]++;
        index[20] = 0xFF;
        length[15] = 0x7F;
        Assert.Multiple(() =>
        {
            Broken([], "it is not a feature file");
            Broken(whole[..15], "it is not a feature file");
            Broken(otherVersion, "or one of another version");
            Broken(index, "its index is damaged");
            Broken(length, "its index is damaged");
            Broken(whole[..^1], "it is truncated");
            Broken([.. whole, 0], "its index is damaged");
            Assert.That(() => FeatureStore.Open(At("none")), Fails("cannot be used"));
            Assert.That(() => FeatureStore.Open(Folder), Fails("cannot be used"));
        });

        void Broken(byte[] content, string message)
        {
            File.WriteAllBytes(At("broken"), content);
            Assert.That(() => FeatureStore.Open(At("broken")), Fails(message));
        }
    }

    [Test]
    public async Task Two_writers_do_not_meet()
    {
        var clips = new FakeVideoClips(3) { OnBatch = _ => Assert.That(async () => await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(3), Path), Fails("cannot be written to")) };

        using var store = await new FeatureExtractor(Encoder).ExtractAsync(clips, Path, batchSize: 3);

        Assert.That(store.IsComplete);
    }

    [Test]
    public async Task Rows_out_of_range_are_refused()
    {
        using var store = await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(3), Path);

        Assert.Multiple(() =>
        {
            Assert.That(() => store.Read(-1, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => store.Read(0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => store.Read(1, 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => store.IsDone(3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    [Test]
    public void Videos_that_were_not_asked_for_are_refused()
    {
        var clips = new FakeVideoClips(3) { Samples = ["a", "b", "c"] };

        Assert.That(
            async () => await new FeatureExtractor(Encoder).ExtractAsync(new Swapped(clips), Path, batchSize: 1),
            Throws.ArgumentException.With.Message.Contains("expected a batch of the 1 requested videos, got [b]"));
        Assert.That(
            async () => await new FeatureExtractor(Encoder).ExtractAsync(new Swapped(clips), batchSize: 1),
            Throws.ArgumentException.With.Message.Contains("expected a batch of the 1 requested videos, got [b]"));
    }

    private void Refused(FeatureExtractor extractor, FakeVideoClips clips, string message)
    {
        Assert.That(async () => await extractor.ExtractAsync(clips, Path), Fails(message));
        Assert.That(clips.Requests, Is.Empty);
    }

    private sealed class Swapped(FakeVideoClips clips) : IVideoClips
    {
        public IReadOnlyList<string> Samples => clips.Samples;

        public IReadOnlyList<long> Shape => clips.Shape;

        public string Settings => clips.Settings;

        public IAsyncEnumerable<Core.ClipBatch> ReadAsync(IReadOnlyList<int> videos, int batchSize, CancellationToken cancellationToken = default)
            => clips.ReadAsync([.. videos.Skip(1), videos[0]], batchSize, cancellationToken);
    }
}
