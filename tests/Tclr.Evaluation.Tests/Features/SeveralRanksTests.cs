using Tclr.Core;
using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

/// <summary>Features that several ranks compute by turns.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class SeveralRanksTests : ScopedFolderTests
{
    private const int Videos = 7;

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    [TestCase(5)]
    public void All_ranks_get_the_features_of_one_process(int size)
    {
        byte[] one = Extract(ICollective.Local, new FakeVideoClips(Videos));
        var clips = Enumerable.Range(0, size).Select(_ => new FakeVideoClips(Videos)).ToList();

        byte[][] all = ThreadJob.Run(size, collective => Extract(collective, clips[collective.Rank]));

        Assert.That(all, Is.All.EqualTo(one));
        Assert.That(clips.SelectMany(own => own.Requests).SelectMany(videos => videos).Order(), Is.EqualTo(Enumerable.Range(0, Videos)), "each video is read once");
    }

    [Test]
    public void A_file_is_that_of_one_process_also_if_ranks_resume_it()
    {
        Store(ICollective.Local, new FakeVideoClips(Videos), Folder["one"]).Dispose();
        using var stop = new CancellationTokenSource();

        // Rank 1 is canceled after its first batch.
        var stopped = ThreadJob.Try(2, collective => Store(
            collective, new FakeVideoClips(Videos), Folder["two"], collective.Rank == 1 ? new Callback<int>(done => Cancel(done, stop)) : null, collective.Rank == 1 ? stop.Token : default));
        int[] done = ThreadJob.Run(2, collective =>
        {
            using var store = Store(collective, new FakeVideoClips(Videos), Folder["two"]);
            return store.Done;
        });

        Assert.That(stopped.Select(outcome => outcome.Error), Is.All.InstanceOf<OperationCanceledException>());
        Assert.That(done, Is.All.EqualTo(Videos));
        Assert.That(File.ReadAllBytes(Folder["two"]), Is.EqualTo(File.ReadAllBytes(Folder["one"])));

        static void Cancel(int done, CancellationTokenSource stop)
        {
            if (done > 0)
            {
                stop.Cancel();
            }
        }
    }

    [Test]
    public void A_video_that_does_not_decode_on_one_rank_ends_all()
    {
        var outcomes = ThreadJob.Try(2, collective => Extract(collective, new FakeVideoClips(Videos) { OnBatch = first => Fail(first, collective.Rank) }));

        Assert.That(outcomes[1].Error, Is.TypeOf<InvalidDataException>());
        Assert.That(outcomes[0].Error, Is.TypeOf<InvalidOperationException>().With.Message.EqualTo("Rank 1 of 2 failed. InvalidDataException: the video is torn"));

        static void Fail(int first, int rank)
        {
            if (rank == 1 && first > 2)
            {
                throw new InvalidDataException("the video is torn");
            }
        }
    }

    [Test]
    public void Ranks_with_other_clips_are_refused()
    {
        var outcomes = ThreadJob.Try(2, collective => Extract(collective, new FakeVideoClips(Videos) { Settings = collective.Rank == 0 ? "these" : "those" }));

        Assert.That(outcomes.Select(outcome => outcome.Error), Is.All.TypeOf<InvalidOperationException>().With.Message.Contains("the same encoder, clips and batch size on all ranks").And.Message.Contains("those"));
    }

    private static VideoEncoder Encoder()
    {
        manual_seed(3);
        return VideoEncoders.SmallR3D();
    }

    private static byte[] Extract(ICollective collective, FakeVideoClips clips)
    {
        using var encoder = Encoder();
        using var features = new FeatureExtractor(encoder) { Collective = collective }.ExtractAsync(clips, batchSize: 2).GetAwaiter().GetResult();
        return features.Values.bytes.ToArray();
    }

    // Each rank has its own encoder, as ranks run by turns.
    private static FeatureStore Store(ICollective collective, FakeVideoClips clips, string path, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        using var encoder = Encoder();
        return new FeatureExtractor(encoder) { Collective = collective }.ExtractAsync(clips, path, batchSize: 2, progress, cancellationToken).GetAwaiter().GetResult();
    }
}
