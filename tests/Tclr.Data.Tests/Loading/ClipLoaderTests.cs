using System.Runtime.InteropServices;
using Tclr.Core;

namespace Tclr.Data.Tests;

[NoTensorLeaks]
public sealed partial class ClipLoaderTests
{
    private static readonly EpochRequest Request = new(Seed: 7, Epoch: 2, BatchSize: 4);

    [Test]
    public async Task Batches_have_their_shape_and_every_sample_once()
    {
        var reader = new FakeVideoReader();
        var loader = await LoaderAsync(reader, 14);
        Assert.That(loader.SampleCount, Is.EqualTo(14));
        var names = new List<string>();
        await foreach (var batch in loader.ReadAsync(Request))
        {
            using (batch)
            {
                Assert.That(batch.Clips.shape, Is.EqualTo(new long[] { 10, 4, 3, 8, 16, 16 }));
                Assert.That(batch.Layout, Is.EqualTo(new ViewLayout(2, 4)));
                names.AddRange(batch.Samples);
            }
        }

        Assert.That(names, Has.Count.EqualTo(12).And.Unique);
        Assert.That(names, Is.Not.Ordered);
        Assert.That(reader.Reads, Is.EqualTo(12));
        Assert.That(reader.Requests, Is.All.Length.EqualTo(32), "each of the window's frames once");
    }

    [Test]
    public async Task A_sample_is_a_function_of_seed_epoch_and_index()
    {
        var reader = new FakeVideoReader();
        var index = await reader.IndexAsync(5);
        var sampler = ClipSamplers.Tclr(8);
        var augmentation = Augmentations.Demo(16);
        var loader = new ClipLoader(index, reader, sampler, augmentation);
        var batches = await CollectAsync(loader.ReadAsync(Request with { BatchSize = 5 }));
        for (int slot = 0; slot < 5; slot++)
        {
            ulong sample = (ulong)index.Items.ToList().FindIndex(item => string.Equals(item.Path, batches[0].Samples[slot], StringComparison.Ordinal));
            var random = CounterRandom.For(7, 2, sample, StreamTag.Plan);
            var plan = sampler.Plan(TestVideos.Info(40), ref random);
            using var window = reader.ReadFrames(batches[0].Samples[slot], plan.Frames);
            for (int view = 0; view < 10; view++)
            {
                var stream = CounterRandom.For(7, 2, sample, (ulong)view, StreamTag.Augmentation);
                float[] clip = new float[3 * 8 * 16 * 16];
                augmentation.Apply(window, plan.PositionsOf(view), ref stream, clip);
                Assert.That(batches[0].Values.AsSpan(((slot * 10) + view) * clip.Length, clip.Length).SequenceEqual(clip), Is.True);
            }
        }
    }

    [Test]
    public async Task The_last_batch_is_kept_on_request()
    {
        var reader = new FakeVideoReader();
        var loader = new ClipLoader(await reader.IndexAsync(7), reader, ClipSamplers.Tclr(8), Augmentations.Demo(16));

        var dropped = await CollectAsync(loader.ReadAsync(Request with { BatchSize = 3 }));
        var kept = await CollectAsync(loader.ReadAsync(Request with { BatchSize = 3, KeepLast = true }));

        Assert.That(dropped.Select(batch => batch.Samples.Count), Is.EqualTo(new[] { 3, 3 }));
        Assert.That(kept.Select(batch => batch.Samples.Count), Is.EqualTo(new[] { 3, 3, 1 }));
        Assert.That(kept.SelectMany(batch => batch.Samples).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(7));
    }

    [Test]
    public async Task Workers_change_nothing()
    {
        var expected = await ReadAllAsync(new ClipLoaderOptions { Workers = 1, PrefetchBatches = 1 });
        Assert.That(expected, Has.Count.EqualTo(3));
        foreach (var options in new ClipLoaderOptions[] { new() { Workers = 2 }, new() { Workers = 7, PrefetchBatches = 5 } })
        {
            AssertSame(await ReadAllAsync(options), expected);
        }

        static async Task<List<Copy>> ReadAllAsync(ClipLoaderOptions options)
        {
            var loader = await LoaderAsync(new FakeVideoReader(), 13, options);
            return await CollectAsync(loader.ReadAsync(Request));
        }
    }

    [Test]
    public async Task Reading_from_a_step_on_is_skipping_the_ones_before()
    {
        var loader = await LoaderAsync(new FakeVideoReader(), 13);
        var all = await CollectAsync(loader.ReadAsync(Request));
        AssertSame(await CollectAsync(loader.ReadAsync(Request with { FirstStep = 1 })), all[1..]);
        AssertSame(await CollectAsync(loader.ReadAsync(Request with { FirstStep = 3 })), []);
    }

    [Test]
    public async Task Seeds_and_epochs_differ()
    {
        var loader = await LoaderAsync(new FakeVideoReader(), 8);
        var one = await CollectAsync(loader.ReadAsync(Request));
        var epoch = await CollectAsync(loader.ReadAsync(Request with { Epoch = 3 }));
        var seed = await CollectAsync(loader.ReadAsync(Request with { Seed = 8 }));
        Assert.That(epoch[0].Values, Is.Not.EqualTo(one[0].Values));
        Assert.That(seed[0].Values, Is.Not.EqualTo(one[0].Values));
        Assert.That(epoch.SelectMany(batch => batch.Samples), Is.Not.EqualTo(one.SelectMany(batch => batch.Samples)));
    }

    [Test]
    public async Task In_order_reading_keeps_the_order_and_the_rest()
    {
        var reader = new FakeVideoReader();
        var loader = new ClipLoader(await reader.IndexAsync(7), reader, ClipSamplers.Uniform(3, 8), Augmentations.Evaluation(16));
        var batches = await CollectAsync(loader.ReadInOrderAsync(3));
        Assert.That(batches.SelectMany(batch => batch.Samples), Is.EqualTo(Enumerable.Range(0, 7).Select(i => $"v{i:D2}")));
        Assert.That(batches.Select(batch => batch.Values.Length / (3 * 3 * 8 * 16 * 16)), Is.EqualTo(new[] { 3, 3, 1 }));
        var inOne = await CollectAsync(loader.ReadInOrderAsync(7));
        Assert.That(batches.SelectMany(batch => batch.Values), Is.EqualTo(inOne[0].Values));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    public async Task The_parts_of_a_batch_are_the_batch(int parts)
    {
        var reader = new FakeVideoReader();
        var loader = await LoaderAsync(reader, 16, new ClipLoaderOptions { MaximumFaultyShare = 0.5 });
        reader.Broken.UnionWith(["v01", "v04", "v07", "v08"]);
        var whole = await CollectAsync(loader.ReadAsync(Request));
        var read = new List<List<Copy>>();
        for (int part = 0; part < parts; part++)
        {
            read.Add(await CollectAsync(loader.ReadAsync(Request with { Part = part, Parts = parts })));
        }

        AssertSame([.. Enumerable.Range(0, 4).Select(step => new Copy([.. read.SelectMany(part => part[step].Samples)], [.. read.SelectMany(part => part[step].Values)]))], whole);
        Assert.That(whole.SelectMany(batch => batch.Samples).Intersect(reader.Broken, StringComparer.Ordinal), Is.Empty);
        Assert.That(whole.Select(batch => batch.Samples), Is.All.Unique);
    }

    [Test]
    public async Task A_part_decodes_its_own_videos_only()
    {
        var reader = new FakeVideoReader();
        var loader = await LoaderAsync(reader, 13);
        var part = await CollectAsync(loader.ReadAsync(Request with { Part = 1, Parts = 2 }));
        Assert.That(part.Select(batch => batch.Samples.Count), Is.EqualTo(new[] { 2, 2, 2 }));
        Assert.That(reader.Reads, Is.EqualTo(6));
    }

    [Test]
    public async Task Cancellation_stops_all_workers()
    {
        using var stop = new CancellationTokenSource();
        var reader = new FakeVideoReader();
        var loader = await LoaderAsync(reader, 20, new ClipLoaderOptions { Workers = 3 });
        reader.OnRead = (_, token) =>
        {
            stop.Cancel();
            token.WaitHandle.WaitOne();
            token.ThrowIfCancellationRequested();
        };
        Assert.That(() => CollectAsync(loader.ReadAsync(Request, stop.Token)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(reader.Active, Is.Zero);
    }

    [Test]
    public async Task Real_decoding_stops_within_a_second()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["long.avi"], frames: 400, width: 160, height: 120);
        var index = await VideoIndex.ScanAsync(new VideoDataset("long", [.. Enumerable.Repeat(new VideoItem(path, "some", 0), 4)], ["some"]));
        var loader = new ClipLoader(index, new OpenCvVideoReader(), ClipSamplers.Uniform(1, 400), Augmentations.Evaluation(112), new ClipLoaderOptions { Workers = 3 });
        using var stop = new CancellationTokenSource();
        var reading = CollectAsync(loader.ReadInOrderAsync(4, stop.Token));
        await Task.Delay(200);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await stop.CancelAsync();
        Assert.That(() => reading, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task The_reader_hears_what_the_index_knows()
    {
        var reader = new FakeVideoReader();
        var loader = await LoaderAsync(reader, 4);
        await CollectAsync(loader.ReadAsync(Request));
        Assert.That(reader.Known, Is.All.EqualTo(new VideoInfo(40, 32, 24, 25)).And.Exactly(4).Items);
    }

    [Test]
    public async Task Pinned_memory_needs_cuda()
    {
        if (TorchSharp.torch.cuda.is_available())
        {
            Assert.Ignore("there is a GPU here");
        }

        var loader = await LoaderAsync(new FakeVideoReader(), 4, new ClipLoaderOptions { PinMemory = true });
        Assert.That(() => CollectAsync(loader.ReadAsync(Request)), Throws.Exception);
    }

    [Test]
    public async Task A_canceled_token_stops_before_the_first_batch()
    {
        var loader = await LoaderAsync(new FakeVideoReader(), 8);
        Assert.That(() => CollectAsync(loader.ReadAsync(Request, new CancellationToken(canceled: true))), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Breaking_off_stops_all_workers_and_reads_no_more_than_ahead()
    {
        var reader = new FakeVideoReader();
        var loader = await LoaderAsync(reader, 40, new ClipLoaderOptions { Workers = 3, PrefetchBatches = 2 });
        await foreach (var batch in loader.ReadAsync(Request))
        {
            batch.Dispose();
            break;
        }

        Assert.That(reader.Active, Is.Zero);
        Assert.That(reader.Reads, Is.LessThanOrEqualTo(3 * 4), "the batch read and two ahead");
    }

    [Test]
    public async Task Batches_belong_to_no_dispose_scope()
    {
        var loader = await LoaderAsync(new FakeVideoReader(), 4);
        await using var batches = loader.ReadAsync(Request).GetAsyncEnumerator();
        ValueTask<bool> first;
        using (TorchSharp.torch.NewDisposeScope())
        {
            first = batches.MoveNextAsync();
        }

        Assert.That(await first, Is.True);
        using var batch = batches.Current;
        Assert.That(batch.Clips.bytes.Length, Is.GreaterThan(0));
    }

    [Test]
    public async Task Real_videos_go_all_the_way_and_a_corrupt_one_is_replaced()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 6; i++)
        {
            TestVideos.Write(folder[$"c{i % 2}/v{i}.avi"], frames: 40, width: 32, height: 32, video: i);
        }

        var sampler = ClipSamplers.Tclr(8);
        var index = await VideoIndex.ScanAsync(VideoDatasets.Folder(folder.Path), new VideoIndexOptions { MinimumFrames = sampler.MinimumFrames });
        var loader = new ClipLoader(index, new OpenCvVideoReader(), sampler, Augmentations.Demo(32));
        var request = new EpochRequest(1, 0, 3);
        var before = await CollectAsync(loader.ReadAsync(request));
        Assert.That(before, Has.Count.EqualTo(2));
        Assert.That(loader.Faults, Is.Empty);

        string victim = before[0].Samples[1];
        TestVideos.Truncate(victim, 0.2);
        var after = await CollectAsync(loader.ReadAsync(request));
        Assert.That(after[0].Samples, Is.EqualTo(new[] { before[0].Samples[0], before[1].Samples[1], before[0].Samples[2] }));
        Assert.That(after[1].Values, Is.EqualTo(before[1].Values));
        Assert.That(loader.Faults.Single().Path, Is.EqualTo(victim));
        Assert.That(loader.Faults.Single().Fault, Is.EqualTo(VideoFault.Truncated));
    }

    [Test]
    public async Task Wrong_use_is_an_error_up_front()
    {
        var reader = new FakeVideoReader { Frames = 20 };
        var index = await reader.IndexAsync(3);
        var sampler = ClipSamplers.Tclr(8);
        var augmentation = Augmentations.Demo(16);
        var loader = new ClipLoader(index, reader, sampler, augmentation);
        Assert.Multiple(() =>
        {
            Assert.That(() => loader.ReadAsync(Request), Throws.TypeOf<VideoDataException>().With.Message.Contains("has 3 usable videos").And.Message.Contains("has 4"));
            Assert.That(() => loader.ReadAsync(Request with { BatchSize = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => loader.ReadAsync(Request with { BatchSize = 1, FirstStep = 4 }), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => loader.ReadAsync(Request with { BatchSize = 1, FirstStep = -1 }), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => loader.ReadAsync(Request with { BatchSize = 1, Epoch = -1 }), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => loader.ReadAsync(Request with { BatchSize = 3, Parts = 2 }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("a number of parts that divides the 3 samples of a batch"));
            Assert.That(() => loader.ReadAsync(Request with { BatchSize = 2, Parts = 2, KeepLast = true }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("and the 1 of the last one"));
            Assert.That(() => loader.ReadAsync(Request with { BatchSize = 2, Parts = 2, Part = 2 }), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => loader.ReadInOrderAsync(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => new ClipLoader(index, reader, ClipSamplers.Tclr(21), augmentation), Throws.TypeOf<VideoDataException>().With.Message.Contains("'v00' with 20"));
            Assert.That(() => new ClipLoader(index, reader, sampler, Augmentations.Start()), Throws.ArgumentException.With.Message.Contains("Resize"));
            Assert.That(() => new ClipLoader(index, reader, sampler, augmentation, new ClipLoaderOptions { Workers = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => new ClipLoader(index, reader, sampler, augmentation, new ClipLoaderOptions { PrefetchBatches = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => new ClipLoader(index, reader, sampler, Augmentations.Demo(5000)).ReadInOrderAsync(3), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("this machine has"));
        });
    }

    private static async Task<ClipLoader> LoaderAsync(FakeVideoReader reader, int videos, ClipLoaderOptions? options = null)
        => new(await reader.IndexAsync(videos), reader, ClipSamplers.Tclr(8), Augmentations.Demo(16), options);

    private static async Task<List<Copy>> CollectAsync(IAsyncEnumerable<ClipBatch> batches)
    {
        var copies = new List<Copy>();
        await foreach (var batch in batches)
        {
            using (batch)
            {
                // Sample by sample, for comparison.
                using var turned = batch.Clips.transpose(0, 1);
                using var values = turned.contiguous();
                copies.Add(new Copy([.. batch.Samples], MemoryMarshal.Cast<byte, float>(values.bytes).ToArray()));
            }
        }

        return copies;
    }

    private static void AssertSame(List<Copy> actual, List<Copy> expected)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count));
        foreach (var (one, other) in actual.Zip(expected))
        {
            Assert.That(one.Samples, Is.EqualTo(other.Samples));
            Assert.That(one.Values, Is.EqualTo(other.Values));
        }
    }

    private sealed record Copy(List<string> Samples, float[] Values);
}
