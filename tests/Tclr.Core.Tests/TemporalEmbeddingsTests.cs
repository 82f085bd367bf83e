using static TorchSharp.torch;

namespace Tclr.Core.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class TemporalEmbeddingsTests
{
    [TestCase(BatchNormScope.AllViews)]
    [TestCase(BatchNormScope.PerView)]
    public void Views_go_where_the_losses_look_for_them(BatchNormScope statistics)
    {
        using var scope = NewDisposeScope();
        using var encoder = new FakeEncoder();
        using var head = new FakeHead(4);
        var layout = new ViewLayout(2, 2);
        var clips = Golden.Hash(5, 3, layout.Count, 3, 4, 2, 2).to(ScalarType.Float32).transpose(0, 1);

        using var all = TemporalEmbeddings.Compute(encoder, head, clips, layout, statistics);

        Assert.That(all.GlobalPooled.shape, Is.EqualTo(new long[] { 2, 3, 3 }));
        Assert.That(all.GlobalSlices!.shape, Is.EqualTo(new long[] { 2, 3, 2, 3 }));
        Assert.That(all.LocalPooled!.shape, Is.EqualTo(new long[] { 2, 3, 2, 3 }));
        for (int video = 0; video < 3; video++)
        {
            for (int version = 0; version < 2; version++)
            {
                AssertSame(all.GlobalPooled.select(0, version).select(0, video), Pooled(video, version));
                for (int t = 0; t < 2; t++)
                {
                    AssertSame(all.LocalPooled.select(0, version).select(0, video).select(0, t), Pooled(video, 2 + (version * 2) + t));
                    AssertSame(all.GlobalSlices.select(0, version).select(0, video).select(0, t), head.Project(Features(video, version).select(2, t)).select(0, 0));
                }
            }
        }

        Tensor Features(int video, int view) => encoder.Encode(clips.select(0, view).select(0, video).unsqueeze(0));

        Tensor Pooled(int video, int view) => head.Project(Features(video, view).mean([2])).select(0, 0);

        static void AssertSame(Tensor actual, Tensor expected)
            => Assert.That(actual.data<float>().ToArray(), Is.EqualTo(expected.data<float>().ToArray()).Within(1e-6));
    }

    [TestCase(BatchNormScope.AllViews, new long[] { 30 }, new long[] { 54 })]
    [TestCase(BatchNormScope.PerView, new long[] { 3, 3, 3, 3, 3, 3, 3, 3, 3, 3 }, new long[] { 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3 })]
    public void Statistics_are_those_of_the_rows_that_go_together(BatchNormScope statistics, long[] encoded, long[] projected)
    {
        using var encoder = new FakeEncoder();
        using var head = new FakeHead(4);
        using var clips = zeros([10, 3, 3, 8, 2, 2]);

        using var all = TemporalEmbeddings.Compute(encoder, head, clips, new ViewLayout(2, 4), statistics);

        // TCLR's own code calls its encoder 10 times and its head 18 times a step.
        Assert.That(encoder.Batches, Is.EqualTo(encoded));
        Assert.That(head.Batches, Is.EqualTo(projected));
    }

    [TestCase(BatchNormScope.AllViews)]
    [TestCase(BatchNormScope.PerView)]
    public void A_layout_without_local_clips_has_pooled_embeddings_only(BatchNormScope statistics)
    {
        using var encoder = new FakeEncoder();
        using var head = new FakeHead(4);
        using var clips = zeros([2, 3, 3, 4, 2, 2]);

        using var all = TemporalEmbeddings.Compute(encoder, head, clips, new ViewLayout(2, 0), statistics);

        Assert.That(all.GlobalPooled.shape, Is.EqualTo(new long[] { 2, 3, 3 }));
        Assert.That(all.GlobalSlices, Is.Null);
        Assert.That(all.LocalPooled, Is.Null);
    }

    [TestCase(BatchNormScope.AllViews)]
    [TestCase(BatchNormScope.PerView)]
    public void Clips_that_do_not_fit_are_refused_with_numbers(BatchNormScope statistics)
    {
        using var encoder = new FakeEncoder();
        using var head = new FakeHead(4);
        using var views = zeros([5, 3, 3, 4, 2, 2]);
        using var length = zeros([6, 3, 3, 8, 2, 2]);

        var wrongViews = Assert.Catch<ArgumentException>(() => TemporalEmbeddings.Compute(encoder, head, views, new ViewLayout(2, 2), statistics));
        var wrongLength = Assert.Catch<ArgumentException>(() => TemporalEmbeddings.Compute(encoder, head, length, new ViewLayout(2, 2), statistics));

        Assert.That(wrongViews.Message, Does.Contain("[6, B, C, T, H, W]").And.Contain("[5, 3, 3, 4, 2, 2]"));
        Assert.That(wrongLength.Message, Does.Contain("4 timesteps").And.Contain("4 frames"));
    }

    [Test]
    public void A_pass_of_whole_views_is_no_copy()
    {
        using var encoder = new Recording();
        using var head = new FakeHead(4);
        using var clips = rand([4, 2, 3, 4, 2, 2]);
        var plan = new PassPlan([new ViewPass([2, 3])]);
        var batch = new EmbeddingPasses(clips, new ViewLayout(4, 0), plan, headPerTimestep: false, []);

        var embeddings = batch.Run(new Branch(encoder, [new(PassPlan.MainHead, head)], Type: null), batch.Of(momentum: false, videosPerPass: null).Single());
        clips.fill_(7);

        embeddings.Heads.Single().Value.Dispose();
        Assert.That(encoder.Rows!.data<float>().ToArray(), Is.All.EqualTo(7));
        encoder.Rows.Dispose();
    }

    private sealed class Recording : IVideoEncoder
    {
        private readonly FakeEncoder inner = new();

        public Tensor? Rows { get; private set; }

        public int FeatureDimension => inner.FeatureDimension;

        public nn.Module Network => inner;

        public Tensor Encode(Tensor clips)
        {
            Rows = clips.alias().DetachFromDisposeScope();
            return inner.Encode(clips);
        }

        public void Dispose() => inner.Dispose();
    }
}
