using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tclr.Data;

namespace Tclr.Fuzz;

/// <summary>A video of any name: 12 frames of 8x6 by formula.</summary>
internal sealed class FormulaReader : IVideoReader
{
    public const int Frames = 12;

    public string FrameSettings => "formula";

    public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default) => new(Frames, 8, 6, 25);

    public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
    {
        var window = new FrameWindow(frames.Length, 6, 8);
        for (int i = 0; i < frames.Length; i++)
        {
            window.FrameToFill(i).Fill((byte)(20 * frames[i]));
        }

        return window;
    }
}

/// <summary>A file of cached frames. A damaged one is not used: the frames are those of the video.</summary>
internal sealed class FrameCacheTarget() : FuzzTarget("frame-cache", fileName: null)
{
    private const int PrefixLength = 24;

    private readonly FormulaReader reader = new();
    private string video = string.Empty;
    private string cache = string.Empty;

    public override IEnumerable<byte[]> Prepare(string folder)
    {
        video = Path.Combine(folder, "video.avi");
        cache = Path.Combine(folder, "cache");
        File.WriteAllText(video, "video");
        new FrameCache(cache).Wrap(reader).ReadFrames(video, [0]).Dispose();
        string file = Directory.GetFiles(cache).Single();
        FileName = Path.GetRelativePath(folder, file);
        return [File.ReadAllBytes(file)];
    }

    public override byte[] Complete(byte[] input)
    {
        byte[] file = [.. input];
        int length = file.Length < PrefixLength ? 0 : BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12));
        if (length >= PrefixLength && length <= file.Length)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(16), Fingerprint.Of(file.AsSpan(PrefixLength, length - PrefixLength)));
        }

        return file;
    }

    public override void Read(string path)
    {
        var cached = new FrameCache(cache, new FrameCacheOptions { MaximumBytes = 0, MinimumFreeBytes = 0 }).Wrap(reader);
        using var window = cached.ReadFrames(video, [0, 3, FormulaReader.Frames - 1]);
        if (window.Count != 3)
        {
            throw new InvalidOperationException($"{window.Count} frames");
        }
    }
}

/// <summary>An index of videos from an earlier scan. One that cannot be used counts as empty.</summary>
internal sealed class IndexCacheTarget() : FuzzTarget("index-cache", "videos.index")
{
    private readonly FormulaReader reader = new();
    private VideoDataset dataset = null!;

    public override IReadOnlyList<string> Tokens { get; } =
        ["\"path\":", "\"length\":", "\"modified\":", "\"info\":", "\"frames\":", "\"frames_per_second\":", "\"rotation\":", "\"codec\":", "\"exact_seeks\":true", "\"announced_frames\":", "\"checksum\":", "\"version\":3", "\"NaN\""];

    public override IEnumerable<byte[]> Prepare(string folder)
    {
        string[] videos = [.. Enumerable.Range(0, 2).Select(i => Path.Combine(folder, $"v{i}.avi"))];
        foreach (string video in videos)
        {
            File.WriteAllText(video, "video");
        }

        dataset = new VideoDataset("fuzzed", [.. videos.Select(video => new VideoItem(video, "a", 0))], ["a"]);
        string path = Path.Combine(folder, FileName);
        Read(path);
        byte[] seed = File.ReadAllBytes(path);
        return [seed];
    }

    public override byte[] Complete(byte[] input)
    {
        ReadOnlySpan<byte> name = "\"checksum\":\""u8;
        int end = input.AsSpan().IndexOf((byte)'\n'), at = end < 0 ? -1 : input.AsSpan(0, end).IndexOf(name);
        if (at < 0 || at + name.Length + 64 > end)
        {
            return input;
        }

        byte[] file = [.. input];
        Encoding.ASCII.GetBytes(Convert.ToHexString(SHA256.HashData(file.AsSpan(end + 1)))).CopyTo(file, at + name.Length);
        return file;
    }

    public override void Read(string path)
    {
        var index = VideoIndex.ScanAsync(dataset, new VideoIndexOptions { CachePath = path, Reader = reader, Workers = 1 }).GetAwaiter().GetResult();
        _ = index.Describe();
        foreach (var info in index.Infos)
        {
            if (info.Frames < 1 || info.Width < 1 || info.Height < 1)
            {
                throw new InvalidOperationException($"the index has {info}");
            }
        }
    }
}

/// <summary>A list of videos that failed in earlier runs.</summary>
internal sealed class QuarantineTarget() : FuzzTarget("quarantine", "quarantine.jsonl")
{
    private readonly FormulaReader reader = new();
    private VideoIndex index = null!;

    public override IReadOnlyList<string> Tokens { get; } = ["\"path\":", "\"length\":5", "\"modified\":", "\"fault\":\"decode_error\"", "\"reason\":"];

    public override IEnumerable<byte[]> Prepare(string folder)
    {
        string video = Path.Combine(folder, "v.avi");
        File.WriteAllText(video, "video");
        index = VideoIndex.ScanAsync(new VideoDataset("fuzzed", [new VideoItem(video, "a", 0)], ["a"]), new VideoIndexOptions { Reader = reader }).GetAwaiter().GetResult();
        long modified = File.GetLastWriteTimeUtc(video).Ticks;
        return [Encoding.UTF8.GetBytes(FormattableString.Invariant($$"""{"path":"{{video}}","length":5,"modified":{{modified}},"fault":"decode_error","reason":"it is damaged"}""") + "\n")];
    }

    public override void Read(string path)
    {
        var loader = new ClipLoader(index, reader, ClipSamplers.Random(4), Augmentations.Start().CenterSquareCrop().Resize(4), new ClipLoaderOptions { QuarantinePath = path });
        _ = loader.SampleCount;
    }
}

/// <summary>A list of a data set, in the format of <paramref name="kind"/>.</summary>
internal sealed class ListTarget(string kind) : FuzzTarget("list-" + kind, kind switch { "ucf101" => "trainlist01.txt", "hmdb51" => "wave_test_split1.txt", "diving48" => "list.json", _ => "list.txt" })
{
    private string videos = string.Empty;

    public override IReadOnlyList<string> Tokens { get; } =
        ["wave/a.avi", "jump/b.avi", " 1", " 2", "../", "label,youtube_id,time_start,time_end,split", "wave,a,0,10,train", "\"vid_name\":\"a\"", "\"label\":1", "C:\\", "//", "videos/wave/a.avi", "\r\n", "\""];

    public override IEnumerable<byte[]> Prepare(string folder)
    {
        videos = Path.Combine(folder, "videos");
        foreach (string video in (string[])["wave/a.avi", "jump/b.avi", "a_000000_000010.mp4", "a.mp4", "a.avi"])
        {
            string path = Path.Combine(videos, video);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "video");
        }

        File.WriteAllText(Path.Combine(folder, "classInd.txt"), "1 wave\n2 jump\n");
        string text = kind switch
        {
            "ucf101" => "wave/a.avi 1\njump/b.avi 2\n",
            "hmdb51" => "a.avi 1\n",
            "kinetics" => "label,youtube_id,time_start,time_end,split\nwave,a,0,10,train\n\"wave\",a,0,10,\n",
            "diving48" => """[{"vid_name":"a","label":3,"start_frame":0,"end_frame":81}]""",
            _ => "wave/a.avi 0\njump/b.avi 1\n./wave/a.avi\n",
        };
        return [Encoding.UTF8.GetBytes(text)];
    }

    public override void Read(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        var dataset = kind switch
        {
            "ucf101" => VideoDatasets.Ucf101(videos, folder, SplitPart.Train),
            "hmdb51" => VideoDatasets.Hmdb51(videos, folder, SplitPart.Train, skipMissing: true),
            "kinetics" => VideoDatasets.Kinetics(videos, path, skipMissing: true),
            "diving48" => VideoDatasets.Diving48(videos, path, skipMissing: true),
            _ => VideoDatasets.List(videos, path, skipMissing: true),
        };
        foreach (var item in dataset.Items)
        {
            // Nothing outside the folder is ever opened.
            if (!item.Path.StartsWith(videos + Path.DirectorySeparatorChar, StringComparison.Ordinal) || item.ClassIndex >= dataset.Classes.Count)
            {
                throw new InvalidOperationException($"the list leads to {item}");
            }
        }
    }
}
