using System.Diagnostics;

namespace Tclr.Data.Tests;

/// <summary>Things in a folder of videos that are no regular files, and names that are no text.</summary>
[Platform(Exclude = "Win")]
public sealed class SourceFileTests
{
    private readonly OpenCvVideoReader reader = new();

    [Test]
    [CancelAfter(20_000)]
    public async Task A_named_pipe_is_a_fault_and_does_not_hold_the_scan_up()
    {
        using var folder = new TemporaryFolder();
        TestVideos.Write(folder["c/good.avi"], frames: 12);
        Shell(folder, "mkfifo c/x.mp4; ln -s x.mp4 c/link.mp4; ln -s /dev/zero c/device.mp4");
        var index = await VideoIndex.ScanAsync(VideoDatasets.Folder(folder.Path), new VideoIndexOptions { MaximumFaultyShare = 1 }).WaitAsync(TimeSpan.FromSeconds(15));
        Assert.That(index.Items, Has.Count.EqualTo(1));
        Assert.That(index.Faulty.Select(video => video.Fault), Is.All.EqualTo(VideoFault.NotAVideo).And.Exactly(3).Items);
        Assert.That(index.Faulty[0].Reason, Does.Contain("pipe"));
        Assert.That(() => reader.ReadFrames(folder["c/x.mp4"], [0]), Throws.TypeOf<VideoDataException>());
        Assert.That(() => new FfmpegVideoReader().Probe(folder["c/x.mp4"]), Throws.TypeOf<VideoDataException>().With.Message.Contains("pipe"));
    }

    [Test]
    public void Links_to_videos_are_read()
    {
        using var folder = new TemporaryFolder();
        TestVideos.Write(folder["good.avi"], frames: 12);
        Shell(folder, "ln -s good.avi one.avi; ln -s one.avi two.avi; ln -s gone.avi dangling.avi");
        Assert.That(reader.Probe(folder["two.avi"]).Frames, Is.EqualTo(12));
        Assert.That(FileStamp.Of(folder["two.avi"]), Is.EqualTo(FileStamp.Of(folder["good.avi"])), "a link changes with its file");
        Assert.That(() => reader.Probe(folder["dangling.avi"]), Throws.TypeOf<VideoDataException>().With.Message.Contains("no such file"));
    }

    [Test]
    public async Task A_name_that_is_not_UTF8_is_said()
    {
        using var folder = new TemporaryFolder();
        TestVideos.Write(folder["c/good.avi"], frames: 12);
        Shell(folder, "cp c/good.avi \"$(printf 'c/caf\\351.avi')\"");
        if (!Directory.EnumerateFiles(folder["c"]).Any(name => name.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            Assert.Ignore("this file system takes names in UTF-8 only");
        }

        var index = await VideoIndex.ScanAsync(VideoDatasets.Folder(folder.Path));
        Shell(folder, "rm c/caf*"); // .NET cannot delete a file of that name
        Assert.That(index.Faulty.Single().Fault, Is.EqualTo(VideoFault.Missing));
        Assert.That(index.Faulty.Single().Reason, Does.Contain("not valid UTF-8").And.Contain("Rename"));
    }

    private static void Shell(TemporaryFolder folder, string script)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = folder.Path })!;
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, script);
    }
}
