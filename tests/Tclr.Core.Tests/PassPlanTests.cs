using static TorchSharp.torch;

namespace Tclr.Core.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class PassPlanTests : ScopedTests
{
    private static readonly int[][] Orders = [[1, 0, 2], [2, 1, 0]];

    [Test]
    public void Shuffled_clips_show_the_segments_of_their_order()
    {
        var clips = arange(2 * 3 * 6 * 2 * 2, ScalarType.Float32).view(2, 3, 6, 2, 2);

        var shuffled = new SegmentOrder(Orders).Shuffle(clips, firstVideo: 0);

        for (int video = 0; video < 2; video++)
        {
            for (int frame = 0; frame < 6; frame++)
            {
                int shown = (Orders[video][frame / 2] * 2) + (frame % 2);
                Assert.That(Row(shuffled, video, frame), Is.EqualTo(Row(clips, video, shown)), $"video {video}, frame {frame}");
            }
        }

        static float[] Row(Tensor clips, int video, int frame) => clips.select(0, video).select(1, frame).contiguous().data<float>().ToArray();
    }

    [Test]
    public void Embeddings_of_segments_go_back_to_their_place()
    {
        var embeddings = arange(2 * 3 * 4, ScalarType.Float32).view(2, 3, 4);

        var restored = new SegmentOrder(Orders).Restore(embeddings, firstVideo: 0);

        for (int video = 0; video < 2; video++)
        {
            for (int place = 0; place < 3; place++)
            {
                Assert.That(
                    restored[video][Orders[video][place]].data<float>().ToArray(), Is.EqualTo(embeddings[video][place].data<float>().ToArray()));
            }
        }
    }

    [Test]
    public void An_encoder_of_single_segments_cannot_tell_a_shuffled_view()
    {
        using var random = rand([5, 3, 4, 2, 2]);
        var order = new SegmentOrder(2, 5, CounterRandom.For(3));
        var means = random.view(5, 3, 2, 2, 2, 2).mean([3, 4, 5]).transpose(1, 2);                                 // [5, 2 segments, 3]

        var shuffled = order.Shuffle(random, 0).view(5, 3, 2, 2, 2, 2).mean([3, 4, 5]).transpose(1, 2);

        Assert.That((order.Restore(shuffled, 0) - means).abs().max().item<float>(), Is.LessThan(1e-6f));
    }

    [Test]
    public void A_group_of_videos_takes_its_own_orders()
    {
        var clips = rand([5, 3, 4, 2, 2]);
        var order = new SegmentOrder(2, 5, CounterRandom.For(8));

        var whole = order.Shuffle(clips, 0);
        var last = order.Shuffle(clips.narrow(0, 3, 2), firstVideo: 3);

        Assert.That((whole.narrow(0, 3, 2) - last).abs().max().item<float>(), Is.Zero);
    }

    [Test]
    public void Orders_are_uniform_and_the_identity_is_one_of_them()
    {
        var embeddings = arange(2, ScalarType.Float32).view(1, 2, 1).expand(10_000, 2, 1);

        var first = new SegmentOrder(2, 10_000, CounterRandom.For(1)).Restore(embeddings, 0).select(1, 0);

        Assert.That(first.mean().item<float>(), Is.EqualTo(0.5).Within(0.02));
    }

    [Test]
    public void What_cannot_be_cut_is_refused()
    {
        var order = new SegmentOrder(3, 1, CounterRandom.For(1));

        Assert.That(() => order.Shuffle(zeros([1, 3, 4, 2, 2]), 0), Throws.TypeOf<TrainingException>().With.Message.Contains("a clip of 4 frames cannot be cut into 3 segments"));
        Assert.That(() => order.Restore(zeros([1, 2, 4]), 0), Throws.TypeOf<TrainingException>().With.Message.Contains("embeds 2 segments of a clip, and the view is shuffled in 3"));
    }

    [Test]
    public void Views_of_several_passes_are_joined_in_the_order_of_their_numbers()
    {
        using var encoder = new FakeEncoder();
        using var head = new FakeHead(4);
        var clips = Golden.Hash(5, 3, 3, 3, 4, 2, 2).to(ScalarType.Float32);
        var branch = new Branch(encoder, [new(PassPlan.MainHead, head)], Type: null);

        var split = Join(new PassPlan([new ViewPass([1]), new ViewPass([0, 2])]));
        var together = Join(new PassPlan([new ViewPass([0, 1, 2])]));

        Assert.That((split - together).abs().max().item<float>(), Is.LessThan(1e-6f));

        Tensor Join(PassPlan plan)
        {
            var batch = new EmbeddingPasses(clips, new ViewLayout(3, 0), plan, headPerTimestep: false, []);
            var passes = batch.Of(momentum: false, videosPerPass: 2);
            return batch.Join(passes, [.. passes.Select(pass => batch.Run(branch, pass))]).GlobalPooled;
        }
    }

    [Test]
    public void Heads_see_the_views_of_their_passes()
    {
        using var encoder = new FakeEncoder();
        using var head = new FakeHead(4);
        using var series = new FakeSeriesHead(4);
        var clips = Golden.Hash(5, 3, 3, 3, 4, 2, 2).to(ScalarType.Float32);
        var branch = new Branch(encoder, [new(PassPlan.MainHead, head), new(PassPlan.SeriesHead, series)], Type: null);
        var batch = new EmbeddingPasses(clips, new ViewLayout(3, 0), PassPlan.DualVar, headPerTimestep: false, [new SegmentOrder([[0, 1], [1, 0], [1, 0]])]);
        var passes = batch.Of(momentum: false, videosPerPass: null);

        using var all = batch.Join(passes, [.. passes.Select(pass => batch.Run(branch, pass))]);

        Assert.That(all.GlobalPooled.shape, Is.EqualTo(new long[] { 3, 3, 3 }), "views 0, 1 and 2");
        Assert.That(all.Heads[PassPlan.SeriesHead].shape, Is.EqualTo(new long[] { 4, 3, 2, 3 }), "and the shuffled one");
        var shuffled = all.Heads[PassPlan.SeriesHead][3];
        Assert.That((shuffled[0] - all.Heads[PassPlan.SeriesHead][2][0]).abs().max().item<float>(), Is.LessThan(1e-6f), "the identity is the view itself");
        var byHand = series.Project(encoder.Encode(cat([clips[2].narrow(0, 1, 1).narrow(2, 2, 2), clips[2].narrow(0, 1, 1).narrow(2, 0, 2)], 2)).mean([2])).flip(1);
        Assert.That((shuffled[1] - byHand[0]).abs().max().item<float>(), Is.LessThan(1e-6f));
    }

    [Test]
    public void Mistakes_are_named()
    {
        var problems = Problems(
            new PassPlan([new ViewPass([0, 5]), new ViewPass([1, 0]), new ViewPass([2]) { Momentum = true, Heads = ["other"] }]) { ShuffledViews = [new ShuffledView(View: 3, Segments: 1)] });

        Assert.That(problems, Has.Some.Contains("views 0 to 3 in a pass, got {0, 5}"));
        Assert.That(problems, Has.Some.Contains("the views of a pass in ascending order, got {1, 0}"));
        Assert.That(problems, Has.Some.Contains("each view in one pass of an encoder, got 0"));
        Assert.That(problems, Has.Some.Contains("one of the heads main, series; AddHead adds one, got other"));
        Assert.That(problems, Has.Some.Contains("call WithMomentumEncoder()"));
        Assert.That(problems, Has.Some.Contains("shuffled copies of views 0 to 2, got 3"));
        Assert.That(problems, Has.Some.Contains("segments of a shuffled view: expected 2 or more, got 1"));
        Assert.That(Problems(PassPlan.DualVar), Is.Empty);

        static IReadOnlyList<string> Problems(PassPlan plan)
        {
            var check = new OptionChecker();
            plan.Check(check, new ViewLayout(3, 0), [PassPlan.MainHead, PassPlan.SeriesHead], hasMomentumEncoder: false);
            return [.. check.Problems];
        }
    }
}
