using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

public sealed class FeatureStoreTests : FeatureFileFixture
{
    [TestCase(FeaturePooling.Mean, 64)]
    [TestCase(FeaturePooling.Timesteps, 256)]
    [TestCase(FeaturePooling.Clips, 192)]
    public async Task Features_are_means_over_clips_and_time_or_one_of_them(FeaturePooling pooling, int dimension)
    {
        var clips = new FakeVideoClips(5);

        using var store = await new FeatureExtractor(Encoder, pooling).ExtractAsync(clips, Path, batchSize: 2);

        Assert.Multiple(() =>
        {
            Assert.That(store.IsComplete);
            Assert.That((store.Count, store.Done, store.Dimension, store.Pooling, store.Clips), Is.EqualTo((5, 5, dimension, pooling, "by formula")));
            Assert.That(store.Samples, Is.EqualTo(clips.Samples));
        });
        Encoder.eval();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        for (int video = 0; video < 5; video++)
        {
            // Clip by clip; channel by channel, its timesteps side by side.
            double[] expected = new double[dimension];
            for (int clip = 0; clip < 3; clip++)
            {
                float[] map = Encoder.Encode(clips.Clips(video).select(1, clip)).data<float>().ToArray();
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
        using (await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(7), At("whole"), batchSize: 2))
        {
        }

        var clips = new FakeVideoClips(7) { OnBatch = first => _ = first == stopBefore ? throw new IOException("the disk went away") : first };
        Assert.That(async () => await new FeatureExtractor(Encoder).ExtractAsync(clips, Path, batchSize: 2), Throws.InstanceOf<IOException>());
        using (var half = FeatureStore.Open(Path))
        {
            Assert.That(half.Done, Is.EqualTo(stopBefore), "what was read before is encoded and kept");
            Assert.That(half.IsComplete, Is.False);
            Assert.That(half.ReadAll, Throws.InvalidOperationException.With.Message.Contains("of 7 videos"));
        }

        var rest = new FakeVideoClips(7);
        var progress = new List<int>();
        using (await new FeatureExtractor(Encoder).ExtractAsync(rest, Path, batchSize: 2, new Callback<int>(progress.Add)))
        {
        }

        Assert.That(rest.Requests.Single(), Is.EqualTo(Enumerable.Range(stopBefore, 7 - stopBefore)), "only what was missing is read");
        Assert.That(progress, Is.EqualTo(Enumerable.Range(0, 5).Select(batch => Math.Min(2 * batch, 7)).Where(done => done >= stopBefore)));
        Assert.That(File.ReadAllBytes(Path), Is.EqualTo(File.ReadAllBytes(At("whole"))));
    }

    [Test]
    public async Task A_batch_with_a_lost_flag_is_computed_again_as_a_whole()
    {
        using (await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(6), Path, batchSize: 2))
        {
        }

        byte[] whole = File.ReadAllBytes(Path), damaged = [.. whole];
        damaged[FeatureFile.FlagsAt(IndexLength(whole)) + 3] = 0;
        File.WriteAllBytes(Path, damaged);
        var clips = new FakeVideoClips(6);
        using (await new FeatureExtractor(Encoder).ExtractAsync(clips, Path, batchSize: 2))
        {
        }

        Assert.That(clips.Requests.Single(), Is.EqualTo(new[] { 2, 3 }));
        Assert.That(File.ReadAllBytes(Path), Is.EqualTo(whole));
    }

    [Test]
    public async Task A_complete_file_costs_nothing()
    {
        var clips = new FakeVideoClips(3);
        using (await new FeatureExtractor(Encoder).ExtractAsync(clips, Path))
        {
        }

        using var store = await new FeatureExtractor(Encoder).ExtractAsync(clips, Path, batchSize: 1);

        Assert.That(clips.Requests, Has.Count.EqualTo(1));
        Assert.That(store.IsComplete);
    }

    [Test]
    public async Task The_same_encoder_in_training_mode_is_the_same()
    {
        Encoder.eval();
        using (await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(2), Path))
        {
        }

        Encoder.train();
        using var store = await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(2), Path);

        Assert.That(store.IsComplete);
        Assert.That(Encoder.training);
    }

    [Test]
    public async Task The_extractor_tells_how_busy_the_encoder_was()
    {
        var extractor = new FeatureExtractor(Encoder);
        Assert.That(extractor.BusyShare, Is.Zero);
        using (await extractor.ExtractAsync(new FakeVideoClips(5), Path, batchSize: 2))
        {
            Assert.That(extractor.BusyShare, Is.GreaterThan(0).And.LessThanOrEqualTo(1));
        }

        using var waiting = await extractor.ExtractAsync(new FakeVideoClips(2) { OnBatch = _ => Thread.Sleep(1000) }, At("slow"), batchSize: 1);
        Assert.That(extractor.BusyShare, Is.LessThan(0.8), "it waits for the clips");
    }

    private static int IndexLength(byte[] file) => BitConverter.ToInt32(file, 8);
}
