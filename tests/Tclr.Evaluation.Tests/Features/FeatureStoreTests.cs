using Tclr.Models;
using Tclr.Testing;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks]
public sealed class FeatureStoreTests
{
    private TemporaryFolder folder = null!;
    private VideoEncoder encoder = null!;

    private string Path => folder["sub/test.features"];

    [SetUp]
    public void Create()
    {
        folder = new TemporaryFolder();
        manual_seed(3);
        encoder = VideoEncoders.SmallR3D();
    }

    [TearDown]
    public void Delete()
    {
        encoder.Dispose();
        folder.Dispose();
    }

    [TestCase(FeaturePooling.Mean, 64)]
    [TestCase(FeaturePooling.Timesteps, 256)]
    [TestCase(FeaturePooling.Clips, 192)]
    public async Task Features_are_means_over_clips_and_time_or_one_of_them(FeaturePooling pooling, int dimension)
    {
        var clips = new FakeVideoClips(5);

        using var store = await new FeatureExtractor(encoder, pooling).ExtractAsync(clips, Path, batchSize: 2);

        Assert.Multiple(() =>
        {
            Assert.That(store.IsComplete);
            Assert.That((store.Count, store.Done, store.Dimension, store.Pooling, store.Clips), Is.EqualTo((5, 5, dimension, pooling, "by formula")));
            Assert.That(store.Samples, Is.EqualTo(clips.Samples));
        });
        encoder.eval();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        for (int video = 0; video < 5; video++)
        {
            // Clip by clip; channel by channel, its timesteps side by side.
            double[] expected = new double[dimension];
            for (int clip = 0; clip < 3; clip++)
            {
                float[] map = encoder.Encode(clips.Clips(video).select(1, clip)).data<float>().ToArray();
                for (int i = 0; i < map.Length; i++)
                {
                    var (place, share) = pooling switch
                    {
                        FeaturePooling.Mean => (i / 4, 12),
                        FeaturePooling.Timesteps => (i, 3),
                        _ => ((64 * clip) + (i / 4), 4),
                    };
                    expected[place] += map[i] / share;
                }
            }

            Assert.That(store.Read(video, 1).data<float>().ToArray(), Is.EqualTo(expected).Within(1e-5));
        }
    }

    [Test]
    public async Task A_stopped_extraction_goes_on_and_ends_bit_for_bit_alike([Values(0, 2, 4, 6)] int stopBefore)
    {
        using (await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(7), folder["whole"], batchSize: 2))
        {
        }

        var clips = new FakeVideoClips(7) { OnBatch = first => _ = first == stopBefore ? throw new IOException("the disk went away") : first };
        Assert.That(async () => await new FeatureExtractor(encoder).ExtractAsync(clips, Path, batchSize: 2), Throws.InstanceOf<IOException>());
        using (var half = FeatureStore.Open(Path))
        {
            Assert.That(half.Done, Is.EqualTo(stopBefore), "what was read before is encoded and kept");
            Assert.That(half.IsComplete, Is.False);
            Assert.That(half.ReadAll, Throws.InvalidOperationException.With.Message.Contains("of 7 videos"));
        }

        var rest = new FakeVideoClips(7);
        var progress = new List<int>();
        using (await new FeatureExtractor(encoder).ExtractAsync(rest, Path, batchSize: 2, new Callback<int>(progress.Add)))
        {
        }

        Assert.That(rest.Requests.Single(), Is.EqualTo(Enumerable.Range(stopBefore, 7 - stopBefore)), "only what was missing is read");
        Assert.That(progress, Is.EqualTo(Enumerable.Range(0, 5).Select(batch => Math.Min(2 * batch, 7)).Where(done => done >= stopBefore)));
        Assert.That(File.ReadAllBytes(Path), Is.EqualTo(File.ReadAllBytes(folder["whole"])));
    }

    [Test]
    public async Task A_batch_with_a_lost_flag_is_computed_again_as_a_whole()
    {
        using (await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(6), Path, batchSize: 2))
        {
        }

        byte[] whole = File.ReadAllBytes(Path), damaged = [.. whole];
        damaged[FeatureFile.FlagsAt(IndexLength(whole)) + 3] = 0;
        File.WriteAllBytes(Path, damaged);
        var clips = new FakeVideoClips(6);
        using (await new FeatureExtractor(encoder).ExtractAsync(clips, Path, batchSize: 2))
        {
        }

        Assert.That(clips.Requests.Single(), Is.EqualTo(new[] { 2, 3 }));
        Assert.That(File.ReadAllBytes(Path), Is.EqualTo(whole));
    }

    [Test]
    public async Task A_complete_file_costs_nothing()
    {
        var clips = new FakeVideoClips(3);
        using (await new FeatureExtractor(encoder).ExtractAsync(clips, Path))
        {
        }

        using var store = await new FeatureExtractor(encoder).ExtractAsync(clips, Path, batchSize: 1);

        Assert.That(clips.Requests, Has.Count.EqualTo(1));
        Assert.That(store.IsComplete);
    }

    [Test]
    public async Task A_file_of_another_kind_is_refused_before_anything_is_read()
    {
        using (await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(3), Path))
        {
        }

        byte[] before = File.ReadAllBytes(Path);
        using var other = VideoEncoders.SmallR3D();
        using var mirrored = VideoEncoders.SmallR3D(new() { ChannelOrder = ChannelOrder.Bgr });
        ModelWeights.Save(encoder, folder["weights.safetensors"]);
        ModelWeights.Load(mirrored, folder["weights.safetensors"]);
        Assert.Multiple(() =>
        {
            Refused(new FeatureExtractor(other), new FakeVideoClips(3), "of encoder '");
            Refused(new FeatureExtractor(mirrored), new FakeVideoClips(3), "of encoder '");
            Refused(new FeatureExtractor(encoder, FeaturePooling.Timesteps), new FakeVideoClips(3), "of length 64 (Mean), and these have 256 (Timesteps)");
            Refused(new FeatureExtractor(encoder), new FakeVideoClips(3) { Settings = "others" }, "of other clips ('by formula', and these are 'others')");
            Refused(new FeatureExtractor(encoder), new FakeVideoClips(4), "of 3 other videos (these are 4; video 3 is '', and here 'v3')");
        });
        Assert.That(File.ReadAllBytes(Path), Is.EqualTo(before));
    }

    [Test]
    public async Task The_same_encoder_in_training_mode_is_the_same()
    {
        encoder.eval();
        using (await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(2), Path))
        {
        }

        encoder.train();
        using var store = await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(2), Path);

        Assert.That(store.IsComplete);
        Assert.That(encoder.training);
    }

    [Test]
    public void What_cannot_be_done_is_told_before_anything_is_read()
    {
        File.WriteAllText(folder["file"], "no folder");
        File.WriteAllText(folder["text.features"], "This is a text and no file of features.");
        var extractor = new FeatureExtractor(encoder);
        Assert.Multiple(() =>
        {
            var clips = new FakeVideoClips(3);
            Assert.That(async () => await extractor.ExtractAsync(clips, folder["file/test.features"]), Fails("cannot be written to"));
            Assert.That(async () => await extractor.ExtractAsync(clips, folder.Path), Fails("cannot be written to"));
            Assert.That(async () => await extractor.ExtractAsync(clips, folder["text.features"]), Fails("it is no file of features"));
            Assert.That(async () => await extractor.ExtractAsync(new FakeVideoClips(3) { Shape = [3, 4, 8, 16, 16], Samples = clips.Samples }, Path), Throws.ArgumentException);
            Assert.That(async () => await extractor.ExtractAsync(new FakeVideoClips(0), Path), Throws.ArgumentException.With.Message.Contains("expected one video or more"));
            Assert.That(async () => await extractor.ExtractAsync(clips, Path, batchSize: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(async () => await extractor.ExtractAsync(clips, " "), Throws.ArgumentException);
            Assert.That(clips.Requests, Is.Empty);
            Assert.That(File.Exists(Path), Is.False);
        });
    }

    [Test]
    public async Task Damaged_files_are_named()
    {
        using (await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(3), Path))
        {
        }

        byte[] whole = File.ReadAllBytes(Path);
        byte[] otherVersion = [.. whole], index = [.. whole], length = [.. whole];
        otherVersion[7]++;
        index[20] = 0xFF;
        length[15] = 0x7F;
        Assert.Multiple(() =>
        {
            Broken([], "it is no file of features");
            Broken(whole[..15], "it is no file of features");
            Broken(otherVersion, "or of another version");
            Broken(index, "its index is damaged");
            Broken(length, "its index is damaged");
            Broken(whole[..^1], "its end is missing");
            Broken([.. whole, 0], "its index is damaged");
            Assert.That(() => FeatureStore.Open(folder["none"]), Fails("cannot be used"));
            Assert.That(() => FeatureStore.Open(folder.Path), Fails("cannot be used"));
        });

        void Broken(byte[] content, string message)
        {
            File.WriteAllBytes(folder["broken"], content);
            Assert.That(() => FeatureStore.Open(folder["broken"]), Fails(message));
        }
    }

    [Test]
    public async Task Two_writers_do_not_meet()
    {
        var clips = new FakeVideoClips(3) { OnBatch = _ => Assert.That(async () => await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(3), Path), Fails("cannot be written to")) };

        using var store = await new FeatureExtractor(encoder).ExtractAsync(clips, Path, batchSize: 3);

        Assert.That(store.IsComplete);
    }

    [Test]
    public async Task Rows_out_of_range_are_refused()
    {
        using var store = await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(3), Path);

        Assert.Multiple(() =>
        {
            Assert.That(() => store.Read(-1, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => store.Read(0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => store.Read(1, 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => store.IsDone(3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    [Test]
    public async Task Retrieval_from_files_is_retrieval_from_tensors()
    {
        using var gallery = await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(9), folder["gallery"]);
        using var queries = await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(4), folder["queries"]);
        using var galleryFeatures = gallery.ReadAll();
        using var queryFeatures = queries.ReadAll();
        int[] galleryLabels = [.. Enumerable.Range(0, 9)], queryLabels = [0, 1, 2, 8];
        var options = new RetrievalOptions { Neighbours = [9], Centred = true };

        var stored = Retrieval.Evaluate(queries, queryLabels, gallery, galleryLabels, options);
        var held = Retrieval.Evaluate(queryFeatures.Values, queryLabels, galleryFeatures.Values, galleryLabels, options);

        for (int query = 0; query < 4; query++)
        {
            Assert.That(stored.NeighboursOf(query).ToArray(), Is.EqualTo(held.NeighboursOf(query).ToArray()));
            Assert.That(stored.SimilaritiesOf(query).ToArray(), Is.EqualTo(held.SimilaritiesOf(query).ToArray()));
        }

        Assert.That(Retrieval.Evaluate(queries, [0, 1, 2, 3], gallery, galleryLabels, new RetrievalOptions { Neighbours = [1] }).RecallAt(1), Is.EqualTo(1), "the same videos");
    }

    [Test]
    public async Task Retrieval_wants_whole_files_of_one_length()
    {
        using var queries = await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(2), folder["queries"]);
        using var longer = await new FeatureExtractor(encoder, FeaturePooling.Timesteps).ExtractAsync(new FakeVideoClips(2), folder["longer"]);
        Assert.That(async () => await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(2) { OnBatch = _ => throw new IOException() }, Path), Throws.InstanceOf<IOException>());
        using var half = FeatureStore.Open(Path);

        Assert.Multiple(() =>
        {
            Assert.That(() => Retrieval.Evaluate(queries, [0, 1], half, [0, 1]), Throws.ArgumentException.With.Message.Contains("expected gallery with features of all 2 videos"));
            Assert.That(() => Retrieval.Evaluate(queries, [0, 1], longer, [0, 1]), Throws.ArgumentException.With.Message.Contains("of one length, got 64 and 256"));
        });
    }

    [Test]
    public async Task Statistics_tell_how_busy_the_encoder_was()
    {
        var extractor = new FeatureExtractor(encoder);
        using var store = await extractor.ExtractAsync(new FakeVideoClips(5), Path, batchSize: 2);

        var statistics = extractor.Statistics;
        Assert.That(statistics.Videos, Is.EqualTo(5));
        Assert.That(statistics.Encoding, Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(statistics.Elapsed));
        Assert.That(new FeatureStatistics(1, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(3)).BusyShare, Is.EqualTo(0.75));
        Assert.That(new FeatureStatistics(0, TimeSpan.Zero, TimeSpan.Zero).BusyShare, Is.EqualTo(0));
    }

    [Test]
    public void Videos_that_were_not_asked_for_are_refused()
    {
        var clips = new FakeVideoClips(3) { Samples = ["a", "b", "c"] };

        Assert.That(
            async () => await new FeatureExtractor(encoder).ExtractAsync(new Swapped(clips), Path, batchSize: 1),
            Throws.ArgumentException.With.Message.Contains("expected a batch of the 1 videos that were asked for, got [b]"));
    }

    private static int IndexLength(byte[] file) => BitConverter.ToInt32(file, 8);

    private static NUnit.Framework.Constraints.ContainsConstraint Fails(string message) => Throws.InstanceOf<FeatureStoreException>().With.Message.Contains(message);

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
