namespace Tclr.Evaluation.Tests;

public sealed class StoredRetrievalTests : FeatureFileFixture
{
    [Test]
    public async Task Retrieval_from_files_is_retrieval_from_tensors()
    {
        using var gallery = await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(9), At("gallery"));
        using var queries = await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(4), At("queries"));
        using var galleryFeatures = gallery.ReadAll();
        using var queryFeatures = queries.ReadAll();
        int[] galleryLabels = [.. Enumerable.Range(0, 9)], queryLabels = [0, 1, 2, 8];
        var options = new RetrievalOptions { Neighbors = [9], Centered = true };

        var stored = Retrieval.Evaluate(queries, queryLabels, gallery, galleryLabels, options);
        var held = Retrieval.Evaluate(queryFeatures.Values, queryLabels, galleryFeatures.Values, galleryLabels, options);

        for (int query = 0; query < 4; query++)
        {
            Assert.That(stored.NeighborsOf(query).ToArray(), Is.EqualTo(held.NeighborsOf(query).ToArray()));
            Assert.That(stored.SimilaritiesOf(query).ToArray(), Is.EqualTo(held.SimilaritiesOf(query).ToArray()));
        }

        Assert.That(Retrieval.Evaluate(queries, [0, 1, 2, 3], gallery, galleryLabels, new RetrievalOptions { Neighbors = [1] }).RecallAt(1), Is.EqualTo(1), "the same videos");
    }

    [Test]
    public async Task Retrieval_wants_whole_files_of_one_length()
    {
        using var queries = await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(2), At("queries"));
        using var longer = await new FeatureExtractor(Encoder, FeaturePooling.Timesteps).ExtractAsync(new FakeVideoClips(2), At("longer"));
        Assert.That(async () => await new FeatureExtractor(Encoder).ExtractAsync(new FakeVideoClips(2) { OnBatch = _ => throw new IOException() }, Path), Throws.InstanceOf<IOException>());
        using var half = FeatureStore.Open(Path);

        Assert.Multiple(() =>
        {
            Assert.That(() => Retrieval.Evaluate(queries, [0, 1], half, [0, 1]), Throws.ArgumentException.With.Message.Contains("expected gallery with features of all 2 videos"));
            Assert.That(() => Retrieval.Evaluate(queries, [0, 1], longer, [0, 1]), Throws.ArgumentException.With.Message.Contains("of one length, got 64 and 256"));
        });
    }
}
