using System.Security.Cryptography;
using System.Text;

namespace Tclr.Data.Tests;

public sealed class VideoIndexCacheTests
{
    [Test]
    public async Task A_second_scan_opens_nothing()
    {
        using var files = new Files(5);
        var first = await files.ScanAsync();
        Assert.That(UseOf(first), Is.EqualTo((0, 5)));
        var second = await files.ScanAsync();
        Assert.That(UseOf(second), Is.EqualTo((5, 0)));
        Assert.That(second.Infos, Is.EqualTo(first.Infos));
        Assert.That(second.Infos, Is.All.Matches<VideoInfo>(info => info is { Codec: "test", Rotation: 90, ExactSeeks: true, FramesPerSecond: 29.97 }));
        Assert.That(files.Opened, Is.EqualTo(5));
        Assert.That(Directory.GetFiles(files.Folder.Path), Is.EqualTo(new[] { files.Cache }), "nothing unfinished is left");
    }

    [Test]
    public async Task Only_new_and_changed_files_are_opened()
    {
        using var files = new Files(5);
        await files.ScanAsync();
        File.AppendAllText(files.Paths[1], "longer");
        File.SetLastWriteTimeUtc(files.Paths[3], File.GetLastWriteTimeUtc(files.Paths[3]).AddMilliseconds(1));
        files.Add();
        Assert.That(UseOf(await files.ScanAsync()), Is.EqualTo((3, 3)));
        Assert.That(UseOf(await files.ScanAsync()), Is.EqualTo((6, 0)));
    }

    [Test]
    public async Task Faulty_videos_are_tried_again()
    {
        using var files = new Files(4);
        files.Broken.Add(files.Paths[2]);
        var index = await files.ScanAsync();
        Assert.That(index.Faulty.Single().Path, Is.EqualTo(files.Paths[2]));
        files.Broken.Clear();
        index = await files.ScanAsync();
        Assert.That(index.Faulty, Is.Empty);
        Assert.That(UseOf(index), Is.EqualTo((3, 1)));
    }

    [Test]
    public async Task The_number_of_frames_is_held_against_the_clip_each_time()
    {
        using var files = new Files(4);
        await files.ScanAsync();
        var index = await files.ScanAsync(options => options with { MinimumFrames = 42, MaximumFaultyShare = 1 });
        Assert.That(index.Infos.Select(info => info.Frames), Is.EqualTo(new[] { 42, 43 }));
        Assert.That(index.Faulty.Select(video => video.Fault), Is.All.EqualTo(VideoFault.TooShort).And.Exactly(2).Items);
        Assert.That(index.CachedVideos, Is.EqualTo(4));
    }

    [TestCase("an empty file", "not an index of Tclr")]
    [TestCase("other text", "not an index of Tclr")]
    [TestCase("a number changed", "checksum")]
    [TestCase("the end cut off", "checksum")]
    [TestCase("another version", "version 99")]
    [TestCase("the header cut", "it is not valid")]
    [TestCase("another reader", "it was made with Someone")]
    public async Task A_damaged_file_is_made_anew_with_the_reason(string damage, string reason)
    {
        using var files = new Files(3);
        await files.ScanAsync();
        string good = File.ReadAllText(files.Cache);
        File.WriteAllText(files.Cache, damage switch
        {
            "an empty file" => string.Empty,
            "other text" => "{\"a\": 1}\n",
            "a number changed" => good.Replace("\"frames\":41", "\"frames\":91", StringComparison.Ordinal),
            "the end cut off" => good[..^20],
            "another version" => good.Replace("\"version\":3", "\"version\":99", StringComparison.Ordinal),
            "the header cut" => good[5..],
            _ => good.Replace("\"reader\":\"", "\"reader\":\"Someone", StringComparison.Ordinal),
        });
        Assert.That(File.ReadAllText(files.Cache), Is.Not.EqualTo(good));
        var index = await files.ScanAsync();
        Assert.That(UseOf(index), Is.EqualTo((0, 3)));
        Assert.That(index.CacheProblem, Does.Contain(reason));
        Assert.That(index.Infos.Select(info => info.Frames), Is.EqualTo(new[] { 40, 41, 42 }));
        Assert.That(UseOf(await files.ScanAsync()), Is.EqualTo((3, 0)));
    }

    // Found by fuzzing: a video that cannot be, under a checksum that is right.
    [TestCase("\"frames\":41", "\"frames\":0")]
    [TestCase("\"width\":32", "\"width\":-1")]
    [TestCase("\"frames_per_second\":29.97", "\"frames_per_second\":\"NaN\"")]
    [TestCase("\"rotation\":90", "\"rotation\":9000")]
    public async Task An_entry_that_cannot_be_is_scanned_again(string good, string bad)
    {
        using var files = new Files(3);
        await files.ScanAsync();
        string[] lines = File.ReadAllLines(files.Cache);
        lines[2] = lines[2].Replace(good, bad, StringComparison.Ordinal);
        byte[] body = Encoding.UTF8.GetBytes(string.Concat(lines.Skip(1).Select(line => line + "\n")));
        string checksum = lines[0].Split("\"checksum\":\"")[1].Split('"')[0];
        string header = lines[0].Replace(checksum, Convert.ToHexString(SHA256.HashData(body)), StringComparison.Ordinal) + "\n";
        File.WriteAllBytes(files.Cache, [.. Encoding.UTF8.GetBytes(header), .. body]);

        var index = await files.ScanAsync();

        Assert.That(UseOf(index), Is.EqualTo((2, 1)));
        Assert.That(index.Infos.Select(info => (info.Frames, info.Width, info.FramesPerSecond, info.Rotation)), Is.EqualTo(new[] { (40, 32, 29.97, 90), (41, 32, 29.97, 90), (42, 32, 29.97, 90) }));
    }

    [Test]
    public async Task A_file_of_an_earlier_build_is_made_anew()
    {
        using var files = new Files(1);
        await files.ScanAsync();
        string reader = File.ReadLines(files.Cache).First().Split("\"reader\":\"")[1].Split('"')[0];
        File.WriteAllText(
            files.Cache,
            $$$"""
            {"format":"tclr-video-index","version":2,"reader":"{{{reader}}}","seeks":true,"checksum":"00"}
            {"path":"{{{files.Paths[0]}}}","length":5,"modified":1,"info":{"frames":40,"width":32,"height":24,"framesPerSecond":29.97,"exactSeeks":true}}

            """);
        var index = await files.ScanAsync();
        Assert.That(index.CacheProblem, Is.EqualTo("it has version 2, expected 3"));
        Assert.That(UseOf(index), Is.EqualTo((0, 1)));
        Assert.That(File.ReadAllText(files.Cache), Does.Contain("\"frames_per_second\":29.97").And.Contain("\"version\":3"));
        Assert.That(UseOf(await files.ScanAsync()), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_cache_without_seeks_does_not_do_where_they_are_wanted()
    {
        using var files = new Files(2);
        var index = await files.ScanAsync(options => options with { ProveSeeks = false });
        Assert.That(index.Infos, Is.All.Matches<VideoInfo>(info => !info.ExactSeeks));
        index = await files.ScanAsync();
        Assert.That(index.CacheProblem, Does.Contain("seeks"));
        Assert.That(index.Infos, Is.All.Matches<VideoInfo>(info => info.ExactSeeks));
        Assert.That((await files.ScanAsync(options => options with { ProveSeeks = false })).CachedVideos, Is.EqualTo(2));
    }

    [Test]
    public async Task Seeks_are_proven_where_they_are_remembered()
    {
        using var files = new Files(1);
        Assert.That((await files.ScanAsync(options => options with { CachePath = null })).Infos[0].ExactSeeks, Is.False);
        Assert.That((await files.ScanAsync(options => options with { CachePath = null, ProveSeeks = true })).Infos[0].ExactSeeks, Is.True);
        Assert.That((await files.ScanAsync()).Infos[0].ExactSeeks, Is.True);
    }

    [Test]
    public async Task What_a_stopped_scan_found_is_kept()
    {
        using var files = new Files(6);
        using var stop = new CancellationTokenSource();
        files.OnOpen = count =>
        {
            if (count == 4)
            {
                stop.Cancel();
            }
        };
        Assert.That(() => files.ScanAsync(options => options with { Workers = 1 }, cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        files.OnOpen = _ => { };
        Assert.That(UseOf(await files.ScanAsync()), Is.EqualTo((4, 2)));
    }

    [Test]
    public async Task Two_data_sets_share_a_file()
    {
        using var files = new Files(4);
        await files.ScanAsync(take: ..2);
        await files.ScanAsync(take: 2..);
        Assert.That(UseOf(await files.ScanAsync()), Is.EqualTo((4, 0)));
    }

    [Test]
    public async Task A_file_that_cannot_be_written_is_said_and_the_scan_stands()
    {
        using var files = new Files(2);
        Directory.CreateDirectory(files.Cache);
        var index = await files.ScanAsync();
        Assert.That(index.Items, Has.Count.EqualTo(2));
        Assert.That(index.CacheProblem, Does.Contain("cannot be written"));
        Assert.That(Directory.GetFiles(files.Folder.Path), Is.Empty, "nothing unfinished is left");
    }

    [Test]
    public void A_blank_path_is_refused()
    {
        using var files = new Files(1);
        Assert.That(() => files.ScanAsync(options => options with { CachePath = " " }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("CachePath"));
    }

    private static (int Cached, int Opened) UseOf(VideoIndex index) => (index.CachedVideos, index.Dataset.Items.Count - index.CachedVideos);

    /// <summary>Files that a fake reader takes for videos of 40, 41, .. frames.</summary>
    private sealed class Files : IDisposable
    {
        private readonly Reader reader;

        public Files(int count)
        {
            reader = new Reader(this);
            for (int i = 0; i < count; i++)
            {
                Add();
            }
        }

        public TemporaryFolder Folder { get; } = new();

        public string Cache => Folder["videos.index"];

        public List<string> Paths { get; } = [];

        public HashSet<string> Broken { get; } = new(StringComparer.Ordinal);

        public Action<int> OnOpen { get; set; } = _ => { };

        public int Opened { get; set; }

        public void Add()
        {
            string path = Folder[$"v/{Paths.Count:D2}.avi"];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "video");
            Paths.Add(path);
        }

        public Task<VideoIndex> ScanAsync(Func<VideoIndexOptions, VideoIndexOptions>? change = null, Range? take = null, CancellationToken cancellationToken = default)
        {
            var items = Paths.Take(take ?? ..).Select(path => new VideoItem(path, "some", 0)).ToList();
            var options = new VideoIndexOptions { Reader = reader, CachePath = Cache };
            return VideoIndex.ScanAsync(new VideoDataset("files", items, ["some"]), change?.Invoke(options) ?? options, cancellationToken: cancellationToken);
        }

        public void Dispose() => Folder.Dispose();
    }

    private sealed class Reader(Files files) : IVideoReader
    {
        private readonly Lock gate = new();

        public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default)
        {
            lock (gate)
            {
                files.OnOpen(++files.Opened);
                return files.Broken.Contains(path)
                    ? throw new VideoDataException(new FaultyVideo(path, VideoFault.DecodeError, "broken on purpose"))
                    : new VideoInfo(40 + files.Paths.IndexOf(path), 32, 24, 29.97) { Codec = "test", Rotation = 90, ExactSeeks = proveSeeks };
            }
        }

        public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
