using System.Buffers.Binary;

namespace Tclr.Data.Tests;

/// <summary>Whatever is wrong with a cache: a warning, and the frames of the decoder.</summary>
public sealed class FrameCacheFaultTests
{
    [TestCase("an empty file", "it is not a file of cached frames")]
    [TestCase("other content", "it is not a file of cached frames")]
    [TestCase("another version", "it has version 9, expected 1")]
    [TestCase("a byte of the header changed", "its header is damaged")]
    [TestCase("the header cut", "it is truncated")]
    [TestCase("the end cut off", "bytes, expected")]
    [TestCase("a byte of a frame changed", "frame 7 is damaged")]
    public void A_damaged_file_is_replaced_with_a_warning(string damage, string reason)
    {
        using var files = new CacheFiles(1);
        CacheFiles.Check(files.Open().Wrap(new FileReader()), files.Videos[0], 7);
        string stored = files.Stored.Single();
        byte[] good = File.ReadAllBytes(stored), bad = [.. good];
        switch (damage)
        {
            case "an empty file":
                bad = [];
                break;
            case "other content":
                bad.AsSpan(0, 8).Clear();
                break;
            case "another version":
                bad[8] = 9;
                break;
            case "a byte of the header changed":
                bad[40] ^= 1;
                break;
            case "the header cut":
                bad = bad[..100];
                break;
            case "the end cut off":
                bad = bad[..^1];
                break;
            default:
                bad[good.Length - (13 * 32 * 24 * 3) + 5] ^= 1; // of the seventh
                break;
        }

        File.WriteAllBytes(stored, bad);
        var inner = new FileReader();
        var reader = files.Open().Wrap(inner);
        CacheFiles.Check(reader, files.Videos[0], 7);
        Assert.That(files.Log.Lines.Single(), Does.Contain(reason).And.Contain(files.Videos[0]));
        Assert.That(inner.Reads, Is.EqualTo(2));
        Assert.That(File.ReadAllBytes(stored), Is.EqualTo(good));
        CacheFiles.Check(reader, files.Videos[0], 7, 8);
        Assert.That(inner.Reads, Is.EqualTo(2));
    }

    // Found by fuzzing: numbers that are not true, under a checksum that is right.
    [TestCase(-1, 24, 32)]
    [TestCase(int.MaxValue, 24, 32)]
    [TestCase(0, 24, 32)]
    [TestCase(20, 0, 32)]
    [TestCase(20, 24, -32)]
    [TestCase(20, 1 << 20, 1 << 20)]
    public void A_header_that_lies_is_refused_before_memory_is_taken(int frames, int height, int width)
    {
        byte[] header = new FrameHeader(new FrameKey("v.avi", new FileStamp(1, 2), "test"), 24, 32, new ulong[20]).ToBytes();
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), frames);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(44), height);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(48), width);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), Fingerprint.Of(header.AsSpan(FrameHeader.PrefixLength)));

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => FrameHeader.Parse(header), Throws.TypeOf<InvalidDataException>().With.Message.Contains("which it cannot have"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void A_full_cache_leaves_further_videos_to_the_reader_and_says_so_once()
    {
        using var files = new CacheFiles(5);
        CacheFiles.Check(files.Open().Wrap(new FileReader()), files.Videos[0], 0);
        long one = new FileInfo(files.Stored.Single()).Length;
        var inner = new FileReader();
        var cache = files.Open(options => options with { MaximumBytes = (2 * one) + (one / 2) });
        var reader = cache.Wrap(inner);
        for (int round = 0; round < 3; round++)
        {
            foreach (string path in files.Videos)
            {
                CacheFiles.Check(reader, path, 1, 5 + round);
            }
        }

        Assert.That(files.Stored, Has.Length.EqualTo(2));
        Assert.That(files.Log.Lines.Single(), Does.Contain("is full").And.Contain("MaximumBytes"));
        Assert.That((cache.CachedReads, cache.DecodedReads, cache.StoredVideos, cache.StoredBytes), Is.EqualTo((6, 9, 1, one)));
        Assert.That(inner.Reads, Is.EqualTo(2 + 3 + 9), "one video stored; the size of three once, and their windows");
    }

    [Test]
    public void Many_workers_stay_within_the_budget()
    {
        using var files = new CacheFiles(12);
        CacheFiles.Check(files.Open().Wrap(new FileReader()), files.Videos[0], 0);
        long one = new FileInfo(files.Stored.Single()).Length;
        var reader = files.Open(options => options with { MaximumBytes = 4 * one }).Wrap(new FileReader { OnRead = _ => Thread.Sleep(1) });
        Parallel.For(0, 120, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => CacheFiles.Check(reader, files.Videos[i % 12], i % 7));
        Assert.That(files.Stored, Has.Length.EqualTo(4));
    }

    [Test]
    public void A_full_disk_is_left_alone()
    {
        using var files = new CacheFiles(2);
        var reader = files.Open(options => options with { MinimumFreeBytes = long.MaxValue }).Wrap(new FileReader());
        CacheFiles.Check(reader, files.Videos[0], 1);
        CacheFiles.Check(reader, files.Videos[1], 1);
        Assert.That(files.Stored, Is.Empty);
        Assert.That(files.Log.Lines.Single(), Does.Contain("the disk has").And.Contain("MinimumFreeBytes"));
    }

    [Test]
    public void A_folder_that_cannot_be_created_is_a_warning()
    {
        using var files = new CacheFiles(2);
        var reader = files.Open(at: files.Videos[0]).Wrap(new FileReader());
        CacheFiles.Check(reader, files.Videos[0], 1);
        CacheFiles.Check(reader, files.Videos[1], 1);
        Assert.That(files.Log.Lines.Single(), Does.Contain("cannot be written").And.Contain(files.Videos[0]));
    }

    [Test]
    [Platform("Linux")]
    public void A_read_only_folder_is_a_warning()
    {
        using var files = new CacheFiles(2);
        var reader = files.Open(at: "/proc/self").Wrap(new FileReader()); // read-only for root too
        CacheFiles.Check(reader, files.Videos[0], 1);
        CacheFiles.Check(reader, files.Videos[1], 1);
        CacheFiles.Check(reader, files.Videos[1], 2);
        Assert.That(files.Log.Lines.Single(), Does.Contain("cannot be written").And.Contain("/proc/self"));
    }

    [Test]
    public void A_deleted_folder_is_a_warning_and_a_deleted_file_is_written_again()
    {
        using var files = new CacheFiles(2);
        var reader = files.Open().Wrap(new FileReader());
        CacheFiles.Check(reader, files.Videos[0], 1);
        File.Delete(files.Stored.Single());
        CacheFiles.Check(reader, files.Videos[0], 1);
        Assert.That(files.Stored, Has.Length.EqualTo(1));
        Directory.Delete(files.CacheFolder, recursive: true);
        CacheFiles.Check(reader, files.Videos[0], 1);
        CacheFiles.Check(reader, files.Videos[1], 1);
        Assert.That(files.Log.Lines.Single(), Does.Contain("cannot be written"));
    }

    [Test]
    public void What_a_killed_writer_left_is_ignored_and_removed_later()
    {
        using var files = new CacheFiles(1);
        CacheFiles.Check(files.Open().Wrap(new FileReader()), files.Videos[0], 1);
        string stored = files.Stored.Single(), young = $"{stored}.{Guid.NewGuid():N}.unfinished", old = $"{stored}.{Guid.NewGuid():N}.unfinished", alive = $"{stored}.{Guid.NewGuid():N}.unfinished";
        byte[] half = File.ReadAllBytes(stored)[..1000];
        File.Delete(stored);
        foreach (string unfinished in new[] { young, old, alive })
        {
            File.WriteAllBytes(unfinished, half);
        }

        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddMinutes(-5));
        using (var writer = new FileStream(alive, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            File.SetLastWriteTimeUtc(alive, DateTime.UtcNow.AddMinutes(-5));
            CacheFiles.Check(files.Open().Wrap(new FileReader()), files.Videos[0], 1, 2);
        }

        Assert.That(files.Stored, Is.EquivalentTo(new[] { stored, young, alive }));
        Assert.That(files.Log.Lines, Is.Empty);
    }

    [Test]
    public void A_stopped_writer_leaves_nothing()
    {
        using var files = new CacheFiles(1);
        using var stop = new CancellationTokenSource();
        var reader = files.Open().Wrap(new FileReader { OnRead = _ => stop.Cancel() });
        Assert.That(() => reader.ReadFrames(files.Videos[0], [1], cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(files.Stored, Is.Empty);
        CacheFiles.Check(files.Open().Wrap(new FileReader()), files.Videos[0], 1);
    }

    [Test]
    public void Errors_are_those_of_the_reader()
    {
        using var files = new CacheFiles(2);
        var inner = new FileReader();
        var reader = files.Open().Wrap(inner);
        CacheFiles.Check(reader, files.Videos[0], 1);
        Assert.That(() => reader.ReadFrames(files.Videos[0], [FileReader.Frames]), Throws.InstanceOf<VideoDataException>().With.Message.Contains("no such frame"));
        CacheFiles.Check(reader, files.Videos[0], 2);
        Assert.That(() => reader.ReadFrames(files.Videos[0], [2, 1]), Throws.ArgumentException);
        Assert.That(() => reader.ReadFrames(" ", [1]), Throws.ArgumentException);

        // The index says more frames than decode.
        var wrong = new VideoInfo(FileReader.Frames + 1, 32, 24, 25);
        reader.ReadFrames(files.Videos[1], [1], wrong).Dispose();
        Assert.That(() => reader.ReadFrames(files.Videos[1], [FileReader.Frames], wrong), Throws.InstanceOf<VideoDataException>());
        Assert.That(files.Stored, Has.Length.EqualTo(1));

        File.Delete(files.Videos[0]);
        Assert.That(() => new FrameCache(files.CacheFolder).Wrap(new OpenCvVideoReader()).ReadFrames(files.Videos[0], [1]), Throws.InstanceOf<VideoDataException>());
        Assert.That(() => new FrameCache(" "), Throws.ArgumentException);
        Assert.That(() => new FrameCache(files.CacheFolder, new FrameCacheOptions { MaximumBytes = -1 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
