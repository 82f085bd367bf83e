namespace Tclr.Data.Tests;

public sealed class FrameCacheTests
{
    private static readonly int[] All = [.. Enumerable.Range(0, FileReader.Frames)];

    [Test]
    public void Frames_are_those_of_the_reader_in_any_order_of_windows()
    {
        using var files = new CacheFiles(2);
        var reader = files.Open().Wrap(new FileReader());
        foreach (string path in files.Videos)
        {
            foreach (int[] frames in new int[][] { [7], [3, 4, 5], [0, 9, 19], All, [19], [0], All[5..], [1, 3, 5, 7] })
            {
                CacheFiles.Check(reader, path, frames);
            }
        }

        Assert.That(files.Log.Lines, Is.Empty);
    }

    [Test]
    public void A_video_is_decoded_once_and_a_later_run_decodes_nothing()
    {
        using var files = new CacheFiles(3);
        var first = new FileReader();
        var cache = files.Open();
        var reader = cache.Wrap(first);
        for (int round = 0; round < 5; round++)
        {
            foreach (string path in files.Videos)
            {
                CacheFiles.Check(reader, path, round, round + 10);
            }
        }

        Assert.That(first.Reads, Is.EqualTo(3 * 2), "one frame for the size and all of them");
        Assert.That((cache.CachedReads, cache.DecodedReads, cache.StoredVideos, cache.StoredBytes), Is.EqualTo((15, 0, 3, files.Stored.Sum(file => new FileInfo(file).Length))));

        var second = new FileReader();
        reader = files.Open().Wrap(second);
        foreach (string path in files.Videos)
        {
            CacheFiles.Check(reader, path, All);
        }

        Assert.That(second.Reads, Is.Zero);
        Assert.That(files.Stored, Has.Length.EqualTo(3));
    }

    [Test]
    public void A_read_without_info_stores_too()
    {
        using var files = new CacheFiles(1);
        var inner = new FileReader();
        var reader = files.Open().Wrap(inner);
        for (int i = 0; i < 3; i++)
        {
            using var window = reader.ReadFrames(files.Videos[0], [i]);
            Assert.That(window.Frame(0).SequenceEqual(FileReader.Frame(files.Videos[0], i)), Is.True);
        }

        Assert.That(inner.Reads, Is.EqualTo(2));
    }

    [Test]
    public void A_changed_video_replaces_its_frames()
    {
        using var files = new CacheFiles(1);
        var inner = new FileReader();
        var reader = files.Open().Wrap(inner);
        CacheFiles.Check(reader, files.Videos[0], 1);
        File.AppendAllText(files.Videos[0], "more");
        CacheFiles.Check(reader, files.Videos[0], 1, 2);
        File.SetLastWriteTimeUtc(files.Videos[0], DateTime.UtcNow.AddDays(-1));
        CacheFiles.Check(reader, files.Videos[0], 3);
        Assert.That(inner.Reads, Is.EqualTo(6));
        Assert.That(files.Stored, Has.Length.EqualTo(1));
        Assert.That(files.Log.Lines, Is.Empty);
    }

    [Test]
    public void A_video_that_changes_while_it_is_stored_is_not_stored()
    {
        using var files = new CacheFiles(1);
        string path = files.Videos[0];
        var reader = files.Open().Wrap(new FileReader { OnRead = frames => File.AppendAllText(path, frames.Length == FileReader.Frames ? "more" : string.Empty) });
        CacheFiles.Check(reader, path, 1);
        Assert.That(files.Stored, Is.Empty);
        Assert.That(files.Log.Lines.Single(), Does.Contain("changed while it was decoded"));
    }

    [Test]
    public void Other_settings_are_other_frames()
    {
        using var files = new CacheFiles(1);
        var cache = files.Open();
        FileReader one = new(), other = new() { FrameSettings = "other" };
        CacheFiles.Check(cache.Wrap(one), files.Videos[0], 1);
        CacheFiles.Check(cache.Wrap(other), files.Videos[0], 1);
        Assert.That((one.Reads, other.Reads, files.Stored.Length), Is.EqualTo((2, 2, 2)));
        Assert.That(() => cache.Wrap(new FileReader { FrameSettings = null }), Throws.ArgumentException.With.Message.Contains("FrameSettings"));
    }

    [Test]
    public void Readers_say_what_their_frames_depend_on()
    {
        string Of(int? side) => new OpenCvVideoReader(new VideoReaderOptions { ShortSide = side }).FrameSettings;
        Assert.That(new[] { Of(null), Of(64), Of(128) }, Is.Unique);
        Assert.That(new OpenCvVideoReader(new VideoReaderOptions { ShortSide = 64, DecoderThreads = 2 }).FrameSettings, Is.EqualTo(Of(64)));
        var fallback = new FallbackVideoReader(new OpenCvVideoReader(), new FileReader());
        Assert.That(fallback.FrameSettings, Does.StartWith(Of(null)).And.EndsWith("test"));
        Assert.That(new FallbackVideoReader(new OpenCvVideoReader(), new FileReader { FrameSettings = null }).FrameSettings, Is.Null);
    }

    [Test]
    public async Task A_cache_changes_neither_the_index_nor_the_settings_of_a_run()
    {
        using var files = new CacheFiles(2);
        var inner = new FileReader();
        var reader = files.Open().Wrap(inner);
        var dataset = new VideoDataset("files", [.. files.Videos.Select(path => new VideoItem(path, "some", 0))], ["some"]);
        using var folder = new TemporaryFolder();
        await VideoIndex.ScanAsync(dataset, new VideoIndexOptions { Reader = inner, CachePath = folder["index"] });
        var index = await VideoIndex.ScanAsync(dataset, new VideoIndexOptions { Reader = reader, CachePath = folder["index"] });
        Assert.That((index.CachedVideos, index.CacheProblem), Is.EqualTo((2, (string?)null)));

        object? Setting(IVideoReader used) => new ClipLoader(index, used, ClipSamplers.Uniform(1, 4), Augmentations.Demo(16)).Settings.Single(pair => pair.Key is "Reader").Value;
        Assert.That(Setting(reader), Is.SameAs(inner));
        var own = new OpenCvVideoReader();
        Assert.That(Setting(files.Open().Wrap(own)), Is.EqualTo(Setting(own)));
    }

    [Test]
    public void Many_workers_of_two_caches_read_the_same_frames()
    {
        using var files = new CacheFiles(6);
        FileReader inner = new() { OnRead = _ => Thread.Sleep(2) }, other = new() { OnRead = _ => Thread.Sleep(1) };
        IVideoReader[] readers = [files.Open().Wrap(inner), files.Open().Wrap(other)];
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            CacheFiles.Check(readers[i % 2], files.Videos[i / 2 % 6], i % 10, (i % 10) + 3, 19));
        Assert.That(files.Stored, Has.Length.EqualTo(6).And.All.EndsWith(".frames"));
        Assert.That(files.Log.Lines, Is.Empty);

        var late = new FileReader();
        foreach (string path in files.Videos)
        {
            CacheFiles.Check(files.Open().Wrap(late), path, All);
        }

        Assert.That(late.Reads, Is.Zero);
    }

    [Test]
    public void Long_videos_are_stored_in_chunks_of_one_video()
    {
        using var files = new CacheFiles(1);
        using var folder = new TemporaryFolder();
        var key = FrameKey.Of(files.Videos[0], "large")!;
        var header = new FrameHeader(key, 2600, 5200, new ulong[5]); // three frames of 40 MB are more than a chunk
        var decoded = new List<int[]>();
        FrameFile.Write(folder["a"], header, frames => Large(frames, 0));
        Assert.That(decoded.Select(frames => frames.Length), Is.EqualTo(new[] { 2, 3, 2 }));
        Assert.That(FrameFile.Read(folder["a"], key, [1, 4], out var window), Is.True);
        using (window)
        {
            Assert.That((window!.Frame(0)[^1], window.Frame(1)[0]), Is.EqualTo(((byte)1, (byte)4)));
        }

        Assert.That(() => FrameFile.Write(folder["b"], header, frames => Large(frames, decoded.Count)), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("different frames"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { folder["a"] }));

        FrameWindow Large(int[] frames, int shift)
        {
            decoded.Add(frames);
            var large = new FrameWindow(frames.Length, 2600, 5200);
            for (int i = 0; i < frames.Length; i++)
            {
                large.FrameToFill(i).Fill((byte)(frames[i] + shift));
            }

            return large;
        }
    }

    [Test]
    public async Task Real_videos_are_bit_for_bit_those_of_the_decoder()
    {
        var paths = SharedVideos.Require().Select(entry => entry.Path).Where(File.Exists).ToList();
        using var folder = new TemporaryFolder();
        var inner = new OpenCvVideoReader(new VideoReaderOptions { ShortSide = 48 });
        var dataset = new VideoDataset("shared", [.. paths.Select(path => new VideoItem(path, "some", 0))], ["some"]);
        var index = await VideoIndex.ScanAsync(dataset, new VideoIndexOptions { Reader = inner, ProveSeeks = false, MaximumFaultyShare = 1 });
        var cache = new FrameCache(folder.Path, new FrameCacheOptions { MinimumFreeBytes = 0 });
        var reader = cache.Wrap(inner);
        foreach (var (item, info) in index.Items.Zip(index.Infos))
        {
            int[] frames = [.. Enumerable.Range(0, info.Frames)];
            using var expected = inner.ReadFrames(item.Path, frames, info);
            using var got = reader.ReadFrames(item.Path, frames, info);
            using var again = reader.ReadFrames(item.Path, frames.AsSpan(info.Frames / 2), info);
            Assert.That((got.Count, got.Height, got.Width), Is.EqualTo((expected.Count, expected.Height, expected.Width)));
            for (int i = 0; i < frames.Length; i++)
            {
                Assert.That(got.Frame(i).SequenceEqual(expected.Frame(i)), Is.True, $"frame {i} of {item.Path}");
                Assert.That(i < info.Frames / 2 || again.Frame(i - (info.Frames / 2)).SequenceEqual(expected.Frame(i)), Is.True, $"frame {i} of {item.Path} again");
            }
        }

        Assert.That(cache.StoredVideos, Is.EqualTo(index.Items.Count));
        Assert.That(cache.DecodedReads, Is.Zero);
    }
}
