using System.Globalization;
using Tclr.Core;
using Tclr.Data;
using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class VideoMomentsTests : ScopedTests
{
    private const int Videos = 5;
    private const int Moments = 6;

    private static readonly MomentOptions Options = new() { Moments = Moments, ClipLength = 4, Stride = 2, Examples = 2 };

    private readonly FakeVideoReader reader = new() { Frames = 60 };

    // An encoder whose features are the moment: found among its own video's, whatever the video.
    [Test]
    public async Task Features_that_are_the_moment_find_it_in_its_video_always_and_among_all_where_the_first_video_has_it()
    {
        var result = await MeasureAsync(clip => MomentOf(clip));

        Assert.That(result.WithinVideo.Recall, Is.EqualTo(1));
        Assert.That(result.AmongAll.PerVideo, Is.EqualTo(new double[] { 1, 0, 0, 0, 0 }), "of equal moments the first counts as nearer");
        Assert.That(result.AmongAll.Recall, Is.EqualTo(1.0 / Videos).Within(1e-12));
        Assert.That(result.FoundWithinVideo, Is.EqualTo(Enumerable.Range(0, Videos * Moments)));
        Assert.That(result.FoundAmongAll, Is.EqualTo(Enumerable.Range(0, Videos * Moments).Select(query => query % Moments)));
    }

    [Test]
    public async Task Features_that_are_video_and_moment_find_it_everywhere()
    {
        var result = await MeasureAsync(clip => (VideoOf(clip) * Moments) + MomentOf(clip));

        Assert.That(new[] { result.WithinVideo.Recall, result.AmongAll.Recall, result.Video.Recall }, Is.All.EqualTo(1));
        Assert.That(result.AmongAll.StandardError, Is.Zero);
    }

    [Test]
    public async Task Features_that_are_the_video_find_the_video_and_moments_by_chance()
    {
        var result = await MeasureAsync(clip => VideoOf(clip));

        Assert.That(result.Video.Recall, Is.EqualTo(1));
        Assert.That(result.WithinVideo.Recall, Is.EqualTo(1.0 / Moments).Within(1e-12));
        Assert.That(result.AmongAll.Recall, Is.EqualTo(1.0 / Moments).Within(1e-12));
        Assert.That(result.Half.Recall, Is.EqualTo(0.5));
    }

    [Test]
    public async Task Features_that_are_the_half_tell_the_halves_apart()
    {
        var result = await MeasureAsync(clip => MomentOf(clip) < Moments / 2 ? 0 : 1);

        Assert.That(result.Half.Recall, Is.EqualTo(1));
        Assert.That(result.WithinVideo.Recall, Is.EqualTo(2.0 / Moments).Within(1e-12));
    }

    [Test]
    public async Task Constant_features_give_exactly_the_chance_level()
    {
        var result = await MeasureAsync(_ => 3);

        foreach (var estimate in new[] { result.WithinVideo, result.AmongAll, result.Video, result.Half })
        {
            Assert.That(estimate.Recall, Is.EqualTo(estimate.Chance).Within(1e-12));
        }

        Assert.That(new[] { result.WithinVideo.Chance, result.AmongAll.Chance, result.Video.Chance, result.Half.Chance }, Is.EqualTo(new[] { 1 / 6.0, 1 / 30.0, 1 / 5.0, 0.5 }).Within(1e-12));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    public async Task Each_clip_is_encoded_once_whatever_the_batches(int batchSize)
    {
        using var encoder = new CodeEncoder(clip => MomentOf(clip));
        var progress = new List<int>();

        var result = await VideoMoments.MeasureAsync(encoder, await IndexAsync(), new CodeReader(reader), new CodeAugmentation(), new CodeAugmentation(), Options with { BatchSize = batchSize }, new Callback<int>(progress.Add));

        Assert.That(encoder.Clips, Is.EqualTo(2 * Moments * Videos));
        Assert.That(progress, Is.Ordered.Ascending.And.Unique);
        Assert.That(progress[^1], Is.EqualTo(Videos));
        Assert.That(result.WithinVideo.Recall, Is.EqualTo(1));
        Assert.That(encoder.Network.training, "the mode is given back");
    }

    [Test]
    public async Task A_real_encoder_is_measured_with_timesteps_and_pictures()
    {
        manual_seed(3);
        using var encoder = VideoEncoders.SmallR3D();
        var options = new MomentOptions { Moments = 4, ClipLength = 8, Examples = 2 };

        var result = await VideoMoments.MeasureAsync(encoder, await IndexAsync(), reader, Augmentations.Evaluation(16), Augmentations.Demo(16), options);
        var again = await VideoMoments.MeasureAsync(encoder, await IndexAsync(), reader, Augmentations.Evaluation(16), Augmentations.Demo(16), options with { BatchSize = 3, Pooling = FeaturePooling.Timesteps });

        Assert.That(result.Timesteps!.Similarity.GetLength(0), Is.EqualTo(4));
        Assert.That(again.Timesteps!.MeanOffDiagonal, Is.EqualTo(result.Timesteps.MeanOffDiagonal).Within(1e-5));
        Assert.That(result.MiddleFrames, Has.Count.EqualTo(4 * Videos));
        Assert.That(result.MiddleFrames.Take(4), Is.EqualTo(new[] { 4, 21, 38, 56 }));
        Assert.That(result.Pictures.Select(picture => picture.Query), Is.EqualTo(new[] { 4, 5, 6, 7, 12, 13, 14, 15 }));
        Assert.That(result.Pictures.Select(picture => picture.Rgb.Length), Is.All.EqualTo(3 * 16 * 16));
        Assert.That(result.Pictures[0].Rgb.ToArray().Distinct().Count(), Is.GreaterThan(10));
    }

    [Test]
    public void The_measures_are_those_of_a_plain_loop()
    {
        Tensor moments = Golden.Hash(31, Videos, Moments, 7), queries = moments + (0.7 * Golden.Hash(32, Videos, Moments, 7));
        double[] known = moments.data<double>().ToArray(), asked = queries.data<double>().ToArray();

        var result = VideoMoments.Measure(moments, queries);

        int own = 0, all = 0, video = 0, half = 0;
        for (int query = 0; query < Videos * Moments; query++)
        {
            int v = query / Moments, m = query % Moments;
            int nearest = 0, nearestOwn = v * Moments;
            for (int other = 0; other < Videos * Moments; other++)
            {
                nearest = Cosine(query, other) > Cosine(query, nearest) ? other : nearest;
                nearestOwn = other / Moments == v && Cosine(query, other) > Cosine(query, nearestOwn) ? other : nearestOwn;
            }

            own += nearestOwn == query ? 1 : 0;
            all += nearest == query ? 1 : 0;
            video += nearest / Moments == v ? 1 : 0;
            double[] first = MeanOf(v, 0, m), second = MeanOf(v, Moments / 2, m);
            half += Dot(Unit(asked, query), second) > Dot(Unit(asked, query), first) == m >= Moments / 2 ? 1 : 0;
            Assert.That(result.FoundAmongAll[query], Is.EqualTo(nearest));
            Assert.That(result.FoundWithinVideo[query], Is.EqualTo(nearestOwn));
        }

        const double Queries = Videos * Moments;
        Assert.That(new[] { result.WithinVideo.Recall, result.AmongAll.Recall, result.Video.Recall, result.Half.Recall }, Is.EqualTo(new[] { own / Queries, all / Queries, video / Queries, half / Queries }).Within(1e-12));
        Assert.That(result.WithinVideo.Recall, Is.LessThan(1).And.GreaterThan(result.WithinVideo.Chance), "the example must tell right from wrong");
        double spread = result.AmongAll.PerVideo.Sum(share => (share - result.AmongAll.Recall) * (share - result.AmongAll.Recall));
        Assert.That(result.AmongAll.StandardError, Is.EqualTo(Math.Sqrt(spread / (Videos - 1) / Videos)).Within(1e-12));

        double Cosine(int query, int moment) => Dot(Unit(asked, query), Unit(known, moment));

        double[] MeanOf(int v, int start, int m)
        {
            double[] sum = new double[7];
            for (int other = start; other < start + (Moments / 2); other++)
            {
                double[] unit = Unit(known, (v * Moments) + other);
                for (int i = 0; i < 7 && other != m && other != Moments - 1 - m; i++)
                {
                    sum[i] += unit[i];
                }
            }

            double length = Math.Sqrt(Dot(sum, sum));
            return [.. sum.Select(value => value / length)];
        }

        static double[] Unit(double[] values, int row)
        {
            double[] part = values[(row * 7)..((row + 1) * 7)];
            double length = Math.Sqrt(Dot(part, part));
            return [.. part.Select(value => value / length)];
        }

        static double Dot(double[] a, double[] b) => a.Zip(b).Sum(pair => pair.First * pair.Second);
    }

    [Test]
    public void Lengths_and_rotations_of_features_change_nothing_and_swapped_videos_swap()
    {
        Tensor moments = Golden.Hash(33, Videos, Moments, 8), queries = moments + (0.7 * Golden.Hash(34, Videos, Moments, 8));
        var result = VideoMoments.Measure(moments, queries);
        var (rotation, _) = linalg.qr(Golden.Hash(35, 8, 8));
        var order = tensor(new long[] { 3, 0, 4, 2, 1 });

        var scaled = VideoMoments.Measure(moments * 3, queries * (Golden.Hash(36, Videos, Moments, 1).abs() + 0.1));
        var rotated = VideoMoments.Measure(moments.matmul(rotation), queries.matmul(rotation));
        var swapped = VideoMoments.Measure(moments.index_select(0, order), queries.index_select(0, order));
        var single = VideoMoments.Measure(moments.narrow(0, 2, 1), queries.narrow(0, 2, 1));

        Assert.That(scaled.FoundAmongAll, Is.EqualTo(result.FoundAmongAll));
        Assert.That(rotated.FoundAmongAll, Is.EqualTo(result.FoundAmongAll));
        Assert.That(rotated.Half.PerVideo, Is.EqualTo(result.Half.PerVideo));
        Assert.That(swapped.AmongAll.PerVideo, Is.EqualTo(new[] { 3, 0, 4, 2, 1 }.Select(video => result.AmongAll.PerVideo[video])));
        Assert.That(single.WithinVideo.Recall, Is.EqualTo(result.WithinVideo.PerVideo[2]));
        Assert.That(single.AmongAll.StandardError, Is.Null);
        Assert.That(single.AmongAll.Recall, Is.EqualTo(single.WithinVideo.Recall));
    }

    [Test]
    public async Task What_cannot_be_measured_is_named()
    {
        var index = await IndexAsync();
        using var encoder = VideoEncoders.SmallR3D();
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();

        Assert.Multiple(() =>
        {
            Assert.That(() => Measure(new() { Moments = 5 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("Moments: expected an even number of 4 or more, got 5"));
            Assert.That(() => Measure(new() { Pooling = FeaturePooling.Clips }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("expected Mean or Timesteps"));
            Assert.That(() => Measure(new() { Moments = 46 }), Throws.TypeOf<VideoDataException>().With.Message.Contains("5 of 5 videos are too short for 46 different clips of 16 frames with a stride of 1 frame; the shortest, 'v00', has 60 frames. Use fewer moments"));
            Assert.That(() => Measure(new() { ClipLength = 61 }), Throws.TypeOf<VideoDataException>());
            Assert.That(() => VideoMoments.MeasureAsync(encoder, index, reader, Augmentations.Evaluation(16), Augmentations.Demo(24)), Throws.ArgumentException.With.Message.Contains("got 16x16 Rgb with 1 crops and 24x24 Rgb with 1 crops"));
            Assert.That(async () => await VideoMoments.MeasureAsync(encoder, index, reader, Augmentations.Evaluation(16), Augmentations.Demo(16), cancellationToken: canceled.Token), Throws.InstanceOf<OperationCanceledException>());
        });

        void Measure(MomentOptions options) => VideoMoments.MeasureAsync(encoder, index, reader, Augmentations.Evaluation(16), Augmentations.Demo(16), options).GetAwaiter().GetResult();
    }

    [Test]
    public void Features_that_do_not_fit_are_named() => Assert.Multiple(() =>
    {
        Assert.That(() => VideoMoments.Measure(zeros([2, 5, 3]), zeros([2, 5, 3])), Throws.ArgumentException.With.Message.Contains("an even number of 4 moments or more, got [2,5,3] and [2,5,3]"));
        Assert.That(() => VideoMoments.Measure(zeros([2, 4, 3]), zeros([1, 4, 3])), Throws.ArgumentException.With.Message.Contains("of one shape"));
        Assert.That(() => VideoMoments.Measure(full([2, 4, 3], double.NaN), zeros([2, 4, 3], ScalarType.Float64)), Throws.ArgumentException.With.Message.Contains("NaN"));
    });

    private static int VideoOf(float[] clip) => (int)clip[0];

    // 60 frames and clips of 7: starts 0, 10, 21, 31, 42, 53.
    private static int MomentOf(float[] clip) => (int)Math.Round(clip[1] * (Moments - 1) / 53);

    private Task<VideoIndex> IndexAsync() => reader.IndexAsync(Videos);

    private async Task<MomentResult> MeasureAsync(Func<float[], int> code)
    {
        using var encoder = new CodeEncoder(code);
        return await VideoMoments.MeasureAsync(encoder, await IndexAsync(), new CodeReader(reader), new CodeAugmentation(), new CodeAugmentation(), Options);
    }

    /// <summary>Frames whose pixels are the number of the video and of the frame.</summary>
    private sealed class CodeReader(FakeVideoReader videos) : IVideoReader
    {
        public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default) => videos.Probe(path, proveSeeks, cancellationToken);

        public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
        {
            var window = new FrameWindow(frames.Length, 24, 32);
            for (int i = 0; i < frames.Length; i++)
            {
                var frame = window.FrameToFill(i);
                frame.Clear();
                (frame[0], frame[1]) = (byte.Parse(path.AsSpan(1), CultureInfo.InvariantCulture), (byte)frames[i]);
            }

            return window;
        }
    }

    /// <summary>Hands the two numbers of the first frame on.</summary>
    private sealed class CodeAugmentation : IClipAugmentation
    {
        public int Height => 1;

        public int Width => 2;

        public void Apply(FrameWindow source, ReadOnlySpan<int> positions, ref CounterRandom random, Span<float> destination)
        {
            destination.Clear();
            (destination[0], destination[1]) = (source.Frame(positions[0])[0], source.Frame(positions[0])[1]);
        }
    }

    /// <summary>Features with a 1 where the code of a clip says.</summary>
    private sealed class CodeEncoder(Func<float[], int> code) : IVideoEncoder
    {
        public int FeatureDimension => Videos * Moments;

        public nn.Module Network { get; } = nn.Identity();

        public int Clips { get; private set; }

        public Tensor Encode(Tensor clips)
        {
            int count = (int)clips.shape[0];
            Clips += count;
            float[] values = clips.contiguous().data<float>().ToArray();
            var features = new float[count, FeatureDimension];
            for (int i = 0; i < count; i++)
            {
                features[i, code(values[(i * values.Length / count)..])] = 1;
            }

            return tensor(features).unsqueeze(2);
        }

        public void Dispose() => Network.Dispose();
    }
}
